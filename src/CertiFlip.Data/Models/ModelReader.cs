using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CertiFlip.Data.Formats;

namespace CertiFlip.Data.Models;

/// <summary>Reads <see cref="ModelFormat"/>. Sizes that the file claims are held against what is left of it before anything is allocated for them.</summary>
internal sealed class ModelReader
{
    private readonly Stream _stream;
    private readonly string _path;
    private long _left;

    private ModelReader(Stream stream, string path, long length) => (_stream, _path, _left) = (stream, path, length);

    public static StoredModel Read(string path)
    {
        DataException.ThrowIfNotAFileName(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            return file.CanSeek ? new ModelReader(file, path, file.Length).ReadAll() : throw new DataException($"{path}: this is not an ordinary file but a pipe or a device.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {InputFile.Explain(path, e)}", e);
        }
    }

    private StoredModel ReadAll()
    {
        if (_left < ModelFormat.Magic.Length + sizeof(int) + ModelFormat.ChecksumBytes || !ReadBytes(ModelFormat.Magic.Length).AsSpan().SequenceEqual(ModelFormat.Magic))
            throw new DataException($"{_path}: this is no model file.");
        int version = ReadInteger();
        if (version != ModelFormat.Version)
            throw new DataException($"{_path}: the model file has version {version}; this program reads version {ModelFormat.Version}.");
        CheckSum();
        _left -= ModelFormat.ChecksumBytes;
        var model = new StoredModel(ReadText() is { Length: > 0 } kind ? kind : throw Damaged(), _path);
        for (int count = ReadInteger(); count > 0; count--)
        {
            string name = ReadText();
            if (model.Arrays.ContainsKey(name))
                throw Damaged();
            model.AddArray(name, ReadArray());
        }

        return _left == 0 ? model : throw Damaged();
    }

    /// <summary>Before anything is made of what the file says.</summary>
    private void CheckSum()
    {
        long body = _stream.Position;
        _stream.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long left = _stream.Length - ModelFormat.ChecksumBytes; left > 0;)
        {
            int read = (int)Math.Min(left, buffer.Length);
            _stream.ReadExactly(buffer, 0, read);
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        byte[] expected = new byte[ModelFormat.ChecksumBytes];
        _stream.ReadExactly(expected);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(expected))
            throw Damaged();
        _stream.Position = body;
    }

    private Array ReadArray()
    {
        var code = (ElementCode)ReadBytes(1)[0];
        int count = ReadInteger();
        return code switch
        {
            ElementCode.Double => Numbers<double>(count),
            ElementCode.Single => Numbers<float>(count),
            ElementCode.Integer => Numbers<int>(count),
            ElementCode.Text => Texts(count),
            _ => throw Damaged(),
        };
    }

    private T[] Numbers<T>(int count)
        where T : unmanaged
    {
        Claim(count, Marshal.SizeOf<T>());
        T[] numbers = new T[count];

        // In pieces: the bytes of an array may be more than a span can hold.
        for (int at = 0; at < count; at += ModelFormat.PieceLength)
            _stream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan(at, Math.Min(ModelFormat.PieceLength, count - at))));
        return numbers;
    }

    private string[] Texts(int count)
    {
        if (count < 0 || count > _left / sizeof(int))
            throw Damaged();
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
            texts[i] = ReadText();
        return texts;
    }

    private string ReadText() => Encoding.UTF8.GetString(ReadBytes(ReadInteger()));

    private int ReadInteger() => BitConverter.ToInt32(ReadBytes(sizeof(int)));

    private byte[] ReadBytes(int count)
    {
        Claim(count, 1);
        byte[] bytes = new byte[count];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Takes elements from what is left of the file, before memory is taken for them.</summary>
    private void Claim(int count, int size)
    {
        if (count < 0 || (long)count * size > _left)
            throw Damaged();
        _left -= (long)count * size;
    }

    private DataException Damaged() => new($"{_path}: the model file is damaged: its contents do not match its checksum or its sizes. Make it again, or copy it again.");
}
