using System.Text;

namespace CertiFlip.Fuzz;

/// <summary>
/// Changes single numbers of a model file: bytes that are changed anywhere seldom hit the few that matter.
/// </summary>
internal static class ModelMutator
{
    private const int AfterVersion = 12;

    private static readonly int[] Sizes = [sizeof(double), sizeof(float), sizeof(int)]; // By the code of the type.

    private static readonly double[] Factors = [0, -1, 2, 0.5, 1 + 1e-7, 1e300, double.NaN, double.PositiveInfinity];

    /// <summary>A model with another number in one of its arrays; the same where it has none.</summary>
    /// <param name="body">The file without its checksum.</param>
    /// <param name="random">Which one, and what.</param>
    public static byte[] Change(byte[] body, Random random)
    {
        byte[] changed = [.. body];
        (int Code, int At, int Count)[] arrays = [.. NumbersOf(body)];
        if (arrays.Length == 0)
            return changed;
        (int code, int first, int count) = arrays[random.Next(arrays.Length)];
        Span<byte> number = changed.AsSpan(first + Sizes[code] * random.Next(count), Sizes[code]);
        double factor = Factors[random.Next(Factors.Length)];
        switch (Sizes[code], code)
        {
            case (sizeof(double), _):
                BitConverter.TryWriteBytes(number, Other(BitConverter.ToDouble(number), factor));
                break;
            case (_, 1):
                BitConverter.TryWriteBytes(number, (float)Other(BitConverter.ToSingle(number), factor));
                break;
            default:
                int[] others = [0, 1, -1, int.MaxValue, int.MinValue, 1 << 16, 1 << 30, 17];
                BitConverter.TryWriteBytes(number, others[random.Next(others.Length)]);
                break;
        }

        return changed;
    }

    private static double Other(double number, double factor) => number == 0 ? factor : number * factor;

    /// <summary>Where the numbers of each array that has some are.</summary>
    private static IEnumerable<(int Code, int At, int Count)> NumbersOf(byte[] body)
    {
        using var reader = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
        reader.BaseStream.Position = AfterVersion;
        Skip(reader);
        for (int arrays = reader.ReadInt32(); arrays > 0; arrays--)
        {
            Skip(reader);
            int code = reader.ReadByte(), count = reader.ReadInt32();
            if (code < Sizes.Length)
            {
                if (count > 0)
                    yield return (code, (int)reader.BaseStream.Position, count);
                reader.BaseStream.Position += (long)Sizes[code] * count;
                continue;
            }

            for (; count > 0; count--)
                Skip(reader);
        }
    }

    /// <summary>Passes over a text.</summary>
    private static void Skip(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());
}
