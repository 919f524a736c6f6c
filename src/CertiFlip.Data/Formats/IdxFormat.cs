using System.Buffers.Binary;

namespace CertiFlip.Data.Formats;

/// <summary>
/// MNIST's format: two zero bytes, element type, number of dimensions, their lengths, elements; all big-endian.
/// </summary>
internal sealed class IdxFormat : IArrayFormat
{
    private const byte UnsignedByte = 0x08;
    private const double BrightestPixel = 255;

    /// <summary>Whether a file that begins with these bytes is in this format.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> start) => start is [0, 0, var type, > 0, ..] && ElementTypeOf(type) is not null;

    public Dataset ReadDataset(InputFile file)
    {
        using Stream stream = file.Open();
        StoredArray array = Open(stream, file);
        if (array.Shape.Count < 2)
        {
            throw new DataException(
                $"{file.Path}: features must have two dimensions or more, but the shape is {array.ShapeText}; "
                + "this looks like a file of labels.");
        }
        return new Dataset(array.ReadFeatures(file.Start[2] == UnsignedByte ? BrightestPixel : 1), file.Path)
        {
            RowShape = [.. array.Shape.Skip(1).Select(length => (int)length)],
        };
    }

    public NumberRows ReadRows(InputFile file)
    {
        Dataset data = ReadDataset(file);

        // That its bytes are divided is known of this format, and is not said each time.
        return new NumberRows(data.Features, data.RowShape, IsScaled: false);
    }

    public RowValues ReadLabels(InputFile file, int? rows)
    {
        using Stream stream = file.Open();
        StoredArray array = Open(stream, file);
        if (array.Shape.Count > 1)
        {
            throw new DataException(
                $"{file.Path}: one dimension is expected, but the shape is {array.ShapeText}; this looks like a file of images.");
        }
        return new RowValues(file.Path, array.ReadLabels());
    }

    public ImageList ReadImages(InputFile file)
    {
        using Stream stream = file.Open();
        return ImageList.ReadOrLeave(Open(stream, file), file);
    }

    private static StoredArray Open(Stream stream, InputFile file)
    {
        int dimensions = file.Start[3];
        byte[] header = new byte[4 + (4 * dimensions)];
        if (file.Length < header.Length)
            throw new DataException($"{file.Path}: the file is truncated inside its header.");
        stream.ReadExactly(header);
        long[] shape = [.. Enumerable.Range(1, dimensions).Select(d => (long)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 * d)))];
        return new StoredArray(
            file.Path, shape, ElementTypeOf(header[2])!, columnMajor: false, stream, file.Length - header.Length, file.Budget);
    }

    private static ElementType? ElementTypeOf(byte type) => type switch
    {
        UnsignedByte => new NumberElement<byte>(ByteOrder.Big),
        0x09 => new NumberElement<sbyte>(ByteOrder.Big),
        0x0B => new NumberElement<short>(ByteOrder.Big),
        0x0C => new NumberElement<int>(ByteOrder.Big),
        0x0D => new NumberElement<float>(ByteOrder.Big),
        0x0E => new NumberElement<double>(ByteOrder.Big),
        _ => null,
    };
}
