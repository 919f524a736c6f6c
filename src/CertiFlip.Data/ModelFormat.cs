using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CertiFlip.Data.Formats;

namespace CertiFlip.Data;

/// <summary>
/// The file: magic, version, kind, number of arrays; for each array its name, type, number of elements and elements; at
/// the end SHA-256 of all before. Little-endian. Of a matrix the numbers of rows and columns stand there, then zeros up
/// to a multiple of 64 bytes, so that its numbers can be used where they are.
/// </summary>
internal static class ModelFormat
{
    public const int Version = 4;

    /// <summary>The version of files with matrices and none of <see cref="Meaningful"/>.</summary>
    public const int VersionWithMatrices = 3;

    /// <summary>The version of files without matrices, which programs of before matrices read too.</summary>
    public const int VersionWithoutMatrices = 2;

    /// <summary>What a matrix begins at a multiple of, in bytes.</summary>
    public const int Alignment = 64;

    /// <summary>The version of files without bytes, which programs of before bytes read too.</summary>
    public const int VersionWithoutBytes = 1;
    public const int ChecksumBytes = SHA256.HashSizeInBytes;

    /// <summary>How many elements of an array are read or written at a time.</summary>
    public const int PieceLength = 1 << 20;

    public static ReadOnlySpan<byte> Magic => "CFMODEL\n"u8;

    /// <summary>
    /// Arrays that change what a model predicts and that programs of before them would pass over: shares of classes, a
    /// head's lift, terms that count once.
    /// </summary>
    private static readonly string[] Meaningful = ["class shares", "lift", "counts once"];

    /// <summary>The least version whose programs read all of a model.</summary>
    public static int VersionOf(ModelArrays arrays) =>
        arrays.All.Keys.Any(name => Meaningful.Contains(name[(name.LastIndexOf('/') + 1)..])) ? Version
        : arrays.Matrices.Count > 0 ? VersionWithMatrices
        : arrays.All.Values.Any(values => values is byte[]) ? VersionWithoutMatrices
        : VersionWithoutBytes;
}

/// <summary>The codes of the arrays' types.</summary>
internal enum ElementCode : byte
{
    /// <summary>64-bit floating-point numbers.</summary>
    Double,

    /// <summary>32-bit floating-point numbers.</summary>
    Single,

    /// <summary>32-bit integers.</summary>
    Integer,

    /// <summary>UTF-8, each text with its length in bytes before it.</summary>
    Text,

    /// <summary>Bytes, from version 2.</summary>
    Bytes,

    /// <summary>A matrix of 32-bit numbers, from version 3.</summary>
    SingleMatrix,

    /// <summary>A matrix of 64-bit numbers, from version 3.</summary>
    DoubleMatrix,
}

/// <summary>
/// Reads <see cref="ModelFormat"/>. A size that the file claims is checked against what is left of the file before
/// memory is allocated for it.
/// </summary>
internal sealed class ModelReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Rows that a thread checks at a time.
    private const int FiniteRows = 1 << 14;

    private readonly Stream _stream;
    private readonly string _path;
    private long _left;
    private bool _isVerified;
    private VerifiedFile? _file;

    private ModelReader(Stream stream, string path, long length) => (_stream, _path, _left) = (stream, path, length);

    public static StoredModel Read(string path)
    {
        DataException.ThrowIfNotAFileName(path);
        try
        {
            using Stream file = InputFile.OpenWithoutHanging(path);
            return new ModelReader(file, path, file.Length).ReadAll();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {InputFile.Explain(path, e)}", e);
        }
    }

    public static StoredModel Read(Stream stream, string source)
    {
        try
        {
            return new ModelReader(stream, source, stream.Length).ReadAll();
        }
        catch (IOException e)
        {
            throw new DataException($"{source}: {e.Message}", e);
        }
    }

    private StoredModel ReadAll()
    {
        if (_left < ModelFormat.Magic.Length + sizeof(int) + ModelFormat.ChecksumBytes
            || !ReadBytes(ModelFormat.Magic.Length).AsSpan().SequenceEqual(ModelFormat.Magic))
        {
            throw new DataException($"{_path}: this is no model file.");
        }

        int version = ReadInteger();
        if (version is < ModelFormat.VersionWithoutBytes or > ModelFormat.Version)
        {
            throw new DataException(
                $"{_path}: the model file has version {version}; this program reads versions "
                + $"{ModelFormat.VersionWithoutBytes} to {ModelFormat.Version}.");
        }

        string checksum = CheckSum(version);
        _left -= ModelFormat.ChecksumBytes;
        var model = new StoredModel(ReadText() is { Length: > 0 } kind ? kind : throw Damaged(), _path, _isVerified)
        {
            Checksum = checksum,
            File = _file,
        };
        int arrays = ReadInteger();
        if (arrays < 0)
            throw Damaged();
        for (; arrays > 0; arrays--)
        {
            string name = ReadText();
            if (model.Arrays.All.ContainsKey(name) || model.Arrays.Matrices.ContainsKey(name))
                throw Damaged();
            ReadArray(model.Arrays, name);
        }

        return _left == 0 ? model : throw Damaged();
    }

    /// <summary>Before anything is made of what the file says, unless this very file was verified before.</summary>
    private string CheckSum(int version)
    {
        long body = _stream.Position;
        byte[] expected = new byte[ModelFormat.ChecksumBytes];
        _stream.Position = _stream.Length - expected.Length;
        _stream.ReadExactly(expected);
        if (version > ModelFormat.VersionWithoutMatrices && _stream is FileStream { SafeFileHandle: var handle })
        {
            _file = VerifiedFile.Of(_path, handle, expected);
            _isVerified = _file is { IsVerified: true };
        }

        _stream.Position = 0;
        if (!_isVerified && !Digest().AsSpan().SequenceEqual(expected))
            throw Damaged();
        _stream.Position = body;
        return Convert.ToHexStringLower(expected);
    }

    private byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (long left = _stream.Length - ModelFormat.ChecksumBytes; left > 0;)
        {
            int read = (int)Math.Min(left, buffer.Length);
            _stream.ReadExactly(buffer, 0, read);
            hash.AppendData(buffer, 0, read);
            left -= read;
        }

        return hash.GetHashAndReset();
    }

    private void ReadArray(ModelArrays arrays, string name)
    {
        var code = (ElementCode)ReadBytes(1)[0];
        int count = ReadInteger();
        if (code is ElementCode.SingleMatrix or ElementCode.DoubleMatrix)
        {
            arrays.Add(name, code == ElementCode.SingleMatrix ? Matrix<float>(count, ReadInteger()) : Matrix<double>(count, ReadInteger()));
            return;
        }

        switch (code)
        {
            case ElementCode.Double:
                arrays.Add(name, Numbers<double>(count));
                break;
            case ElementCode.Single:
                arrays.Add(name, Numbers<float>(count));
                break;
            case ElementCode.Integer:
                arrays.Add(name, Numbers<int>(count));
                break;
            case ElementCode.Text:
                arrays.Add(name, Texts(count));
                break;
            case ElementCode.Bytes:
                arrays.Add(name, Numbers<byte>(count));
                break;
            default:
                throw Damaged();
        }
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

    /// <summary>Numbers that stay in the file where nobody else can change it, and are read otherwise.</summary>
    private FeatureMatrix Matrix<T>(int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows < 0 || columns < 1)
            throw Damaged();
        byte[] gap = ReadBytes((int)(-_stream.Position & (ModelFormat.Alignment - 1)));
        if (gap.AsSpan().ContainsAnyExcept((byte)0))
            throw Damaged();
        int size = Marshal.SizeOf<T>();
        if ((UInt128)(uint)rows * (uint)columns * (uint)size > (ulong)_left)
            throw Damaged();
        var element = new NumberElement<T>(ByteOrder.Little);
        if (element.IsInPlace && _file is not null && _stream is FileStream { SafeFileHandle: var handle })
        {
            var inFile = new RowsInFile(_path, handle, _stream.Position, element, columns);
            _stream.Position += (long)rows * columns * size;
            _left -= (long)rows * columns * size;
            if (!_isVerified)
                CheckFinite(inFile, rows, columns);
            return new FeatureMatrix(rows, columns, inFile.Read);
        }

        if ((long)rows * columns > Array.MaxLength)
        {
            throw new DataException(
                $"{_path}: a model of {(long)rows * columns} numbers is used where it stands, and so only in a file that nobody else can "
                + "write: its owner must be you, and its mode like 644 (chmod go-w).");
        }

        T[] numbers = Numbers<T>(rows * columns);
        return numbers is float[] singles
            ? new FeatureMatrix(rows, columns, singles)
            : new FeatureMatrix(rows, columns, (double[])(object)numbers);
    }

    private void CheckFinite(RowsInFile file, int rows, int columns) => Parallel.For(
        0, (rows + FiniteRows - 1) / FiniteRows, () => new double[columns], (block, _, numbers) =>
        {
            for (int row = block * FiniteRows; row < Math.Min(rows, (block + 1L) * FiniteRows); row++)
            {
                file.Read(row, numbers);
                if (!TensorPrimitives.IsFiniteAll<double>(numbers))
                    throw Damaged();
            }

            return numbers;
        }, static _ => { });

    private string[] Texts(int count)
    {
        if (count < 0 || count > _left / sizeof(int))
            throw Damaged();
        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
            texts[i] = ReadText();
        return texts;
    }

    private string ReadText()
    {
        try
        {
            return StrictUtf8.GetString(ReadBytes(ReadInteger()));
        }
        catch (DecoderFallbackException)
        {
            throw Damaged();
        }
    }

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

    private DataException Damaged() => new(
        $"{_path}: the model file is damaged: its contents do not match its checksum or its sizes. Make it again, or copy it again.");
}

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
            writer.Write(ModelFormat.VersionOf(model.Arrays));
            long at = ModelFormat.Magic.Length + 2 * sizeof(int) + WriteText(writer, model.Kind);
            writer.Write(model.Arrays.All.Count + model.Arrays.Matrices.Count);
            foreach ((string name, FeatureMatrix matrix) in model.Arrays.Matrices)
            {
                at += WriteText(writer, name);
                at = WriteMatrix(writer, matrix, at);
            }

            foreach ((string name, Array values) in model.Arrays.All)
            {
                WriteText(writer, name);
                WriteArray(writer, values);
            }
        }

        stream.Write(hash.Hash!);
    }

    /// <summary>Numbers in 32 bits each where that loses nothing.</summary>
    /// <returns>Where the file goes on.</returns>
    private static long WriteMatrix(BinaryWriter writer, FeatureMatrix matrix, long at)
    {
        double[] row = new double[matrix.Columns];
        float[] singles = new float[matrix.Columns];
        bool areSingle = true;
        for (int i = 0; areSingle && i < matrix.Rows; i++)
        {
            matrix.CopyRow(i, row);
            foreach (double number in row)
                areSingle &= BitConverter.DoubleToInt64Bits((float)number) == BitConverter.DoubleToInt64Bits(number);
        }

        writer.Write((byte)(areSingle ? ElementCode.SingleMatrix : ElementCode.DoubleMatrix));
        writer.Write(matrix.Rows);
        writer.Write(matrix.Columns);
        at += 1 + 2 * sizeof(int);
        int gap = (int)(-at & (ModelFormat.Alignment - 1));
        writer.Write(new byte[gap]);
        for (int i = 0; i < matrix.Rows; i++)
        {
            matrix.CopyRow(i, row);
            TensorPrimitives.ConvertTruncating<double, float>(row, singles);
            writer.Write(areSingle ? MemoryMarshal.AsBytes(singles) : MemoryMarshal.AsBytes(row));
        }

        return at + gap + (long)matrix.Rows * matrix.Columns * (areSingle ? sizeof(float) : sizeof(double));
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
            case byte[] bytes:
                WriteNumbers(writer, ElementCode.Bytes, bytes);
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

    private static int WriteText(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
        return sizeof(int) + bytes.Length;
    }
}
