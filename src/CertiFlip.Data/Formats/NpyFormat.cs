using System.Buffers.Binary;
using System.Text;

namespace CertiFlip.Data.Formats;

/// <summary>One NumPy array in a file: format versions 1.0, 2.0 and 3.0.</summary>
internal sealed class NpyFormat : IArrayFormat
{
    private const int LongestHeader = 1 << 16;

    /// <summary>Half of the memory there is, in this container or under this limit: beyond it features stay in their file.</summary>
    private static long RoomForFeatures => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    /// <summary>How such a file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public Dataset ReadDataset(InputFile file)
    {
        using Stream stream = file.Open();
        StoredArray array = Open(stream, file.Length, file.Path);
        FeatureMatrix? mapped = file.IsPlain && array.Shape.Count == 2 ? array.MapFeatures(file.Path, stream.Position, RoomForFeatures) : null;
        return new Dataset(mapped ?? ReadFeatures(array), file.Path);
    }

    public IReadOnlyList<string> ReadLabels(InputFile file)
    {
        using Stream stream = file.Open();
        return Open(stream, file.Length, file.Path).ReadLabels();
    }

    public ImageList ReadImages(InputFile file)
    {
        using Stream stream = file.Open();
        return ImageArray.ReadOrMap(Open(stream, file.Length, file.Path), file, stream);
    }

    /// <summary>Reads an array of n×k features.</summary>
    /// <exception cref="DataException">The array does not have two dimensions, or not of features.</exception>
    public static FeatureMatrix ReadFeatures(StoredArray array) => array.Shape.Count switch
    {
        2 => array.ReadFeatures(),
        1 => throw new DataException($"{array.Name}: features must have two dimensions, but the shape is {array.ShapeText}; if it is one feature of n rows, reshape it to n×1 (in NumPy, X.reshape(-1, 1))."),
        _ => throw new DataException($"{array.Name}: features must have two dimensions (rows, columns), but the shape is {array.ShapeText}; reshape it (in NumPy, X.reshape(len(X), -1))."),
    };

    /// <summary>Reads the header of an array.</summary>
    /// <param name="stream">The array in its file format.</param>
    /// <param name="length">Bytes in <paramref name="stream"/>.</param>
    /// <param name="name">The file, and the array in it where there are several, as messages name it.</param>
    /// <exception cref="DataException">The header is damaged, or of an array that cannot be read.</exception>
    public static StoredArray Open(Stream stream, long length, string name)
    {
        try
        {
            BoundedHeader bytes = new(stream, length);
            if (!bytes.Read(Magic.Length).SequenceEqual(Magic))
                throw new FormatException("it does not begin as a .npy file does");
            int major = bytes.Read(2)[0];
            long headerLength = major switch
            {
                1 => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Read(2)),
                2 or 3 => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Read(4)),
                _ => throw new FormatException($"its version is {major}, and only 1, 2 and 3 are known"),
            };
            if (headerLength > LongestHeader)
                throw new FormatException($"its length is {headerLength} bytes, and plain arrays need few");
            string text = (major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes.Read((int)headerLength));
            NpyHeader header = new NpyHeaderParser(text).Parse();
            return new StoredArray(name, header.Shape, NpyElementType.Parse(header.ElementType), header.FortranOrder, stream, bytes.Remaining);
        }
        catch (FormatException e)
        {
            throw new DataException($"{name}: the array's header cannot be used: {e.Message}.", e);
        }
    }

    private sealed class BoundedHeader(Stream stream, long length)
    {
        public long Remaining { get; private set; } = length;

        public byte[] Read(int count)
        {
            if (count > Remaining)
                throw new FormatException("the file is truncated inside it");
            byte[] bytes = new byte[count];
            stream.ReadExactly(bytes);
            Remaining -= count;
            return bytes;
        }
    }
}
