using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CertiFlip.Data.Models;

/// <summary>Writes <see cref="ModelFormat"/>.</summary>
internal static class ModelWriter
{
    public static void Write(StoredModel model, Stream stream)
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
        {
            writer.Write(ModelFormat.Magic);
            writer.Write(ModelFormat.Version);
            WriteText(writer, model.Kind);
            writer.Write(model.Arrays.Count);
            foreach ((string name, Array values) in model.Arrays)
            {
                WriteText(writer, name);
                WriteArray(writer, values);
            }
        }

        stream.Write(hash.Hash!);
    }

    private static void WriteArray(BinaryWriter writer, Array values)
    {
        switch (values)
        {
            case double[] numbers:
                WriteNumbers(writer, ElementCode.Double, numbers);
                break;
            case float[] numbers:
                WriteNumbers(writer, ElementCode.Single, numbers);
                break;
            case int[] numbers:
                WriteNumbers(writer, ElementCode.Integer, numbers);
                break;
            case string[] texts:
                writer.Write((byte)ElementCode.Text);
                writer.Write(texts.Length);
                foreach (string text in texts)
                    WriteText(writer, text);
                break;
        }
    }

    private static void WriteNumbers<T>(BinaryWriter writer, ElementCode code, T[] numbers)
        where T : unmanaged
    {
        writer.Write((byte)code);
        writer.Write(numbers.Length);
        for (int at = 0; at < numbers.Length; at += ModelFormat.PieceLength)
            writer.Write(MemoryMarshal.AsBytes(numbers.AsSpan(at, Math.Min(ModelFormat.PieceLength, numbers.Length - at))));
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
