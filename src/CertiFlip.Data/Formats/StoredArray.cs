using System.Collections;
using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CertiFlip.Data.Formats;

/// <summary>An array whose header has been read and whose elements are still to come.</summary>
internal sealed class StoredArray
{
    private const int BatchSize = 8192;
    private const int MostDimensions = 64;

    // Of labels: more are no classes.
    private const int MostKnown = 1 << 10;

    // Numbers that one thread reads at a time.
    private const int BlockSize = 1 << 16;
    private const double BrightestPixel = 255;

    // Larger arrays stay in their file where they can be mapped.
    private const long MostLoaded = 64 << 20;
    private readonly ElementType _element;
    private readonly Stream _elements;
    private readonly long _byteCount;
    private readonly ReadBudget _budget;

    /// <param name="name">The file, and the array in it where there are several, as messages name it.</param>
    /// <param name="shape">Lengths of the dimensions, none negative.</param>
    /// <param name="element">How an element is stored.</param>
    /// <param name="columnMajor">Whether the first index runs fastest; only for two dimensions.</param>
    /// <param name="elements">The bytes of the elements and nothing after them.</param>
    /// <param name="byteCount">How many bytes there are in <paramref name="elements"/>.</param>
    /// <param name="budget">How much may be read of the file.</param>
    /// <exception cref="DataException">
    /// There are too many dimensions, or the shape needs fewer or more bytes than there are.
    /// </exception>
    public StoredArray(
        string name,
        IReadOnlyList<long> shape,
        ElementType element,
        bool columnMajor,
        Stream elements,
        long byteCount,
        ReadBudget budget)
    {
        (Name, Shape, _element, IsColumnMajor) = (name, shape, element, columnMajor);
        (_elements, _byteCount, _budget) = (elements, byteCount, budget);
        if (shape.Count > MostDimensions)
            throw new DataException($"{name}: there are {shape.Count} dimensions, and features need two.");
        BigInteger needed = shape.Aggregate(new BigInteger(element.Size), (product, length) => product * length);
        if (needed != byteCount)
        {
            throw new DataException(
                $"{name}: {ShapeText} elements of {element.Size} bytes are {needed} bytes, but there are {byteCount}: "
                + $"the file is {(needed > byteCount ? "truncated" : "too long")}.");
        }
    }

    /// <summary>The file, and the array in it where there are several.</summary>
    public string Name { get; }

    /// <summary>Lengths of the dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Whether the first index runs fastest.</summary>
    public bool IsColumnMajor { get; }

    /// <summary>The shape as NumPy writes it.</summary>
    public string ShapeText => Shape.Count == 1 ? $"({Shape[0]},)" : $"({string.Join(", ", Shape)})";

    /// <summary>Reads n×… elements as n rows of features, as float32 where that holds them exactly.</summary>
    /// <param name="unit">The stored number that stands for a feature of 1.</param>
    /// <exception cref="DataException">
    /// There are no rows or columns, too many numbers for memory, text, NaN or infinity.
    /// </exception>
    public FeatureMatrix ReadFeatures(double unit = 1)
    {
        if (_element is not NumericElement numeric)
            throw new DataException($"{Name}: holds text, but features must be numbers.");
        (int rows, int columns) = RowsAndColumns();
        if ((long)rows * columns > Array.MaxLength)
        {
            throw new DataException(
                $"{Name}: {(long)rows * columns} numbers are more than the {Array.MaxLength} that fit in one matrix in memory; "
                + "save them as a plain .npy file, row by row, which is read in place, or use fewer rows or columns.");
        }
        return numeric.FitsSingle && unit == 1
            ? new FeatureMatrix(rows, columns, ReadNumbers<float>(numeric, rows, columns, 1))
            : new FeatureMatrix(rows, columns, ReadNumbers(numeric, rows, columns, unit));
    }

    /// <summary>Reads n images, whose channels come first or last where there are any; they come out first.</summary>
    /// <exception cref="DataException">
    /// There are no rows or columns, too many numbers for memory, text, NaN or infinity, or the first index runs
    /// fastest.
    /// </exception>
    public NumberRows ReadImages()
    {
        if (IsColumnMajor)
            throw new DataException($"{Name}: images are read row by row only; in NumPy, save np.ascontiguousarray(images).");
        bool isByte = _element is NumberElement<byte>;
        FeatureMatrix read = ReadFeatures(isByte ? BrightestPixel : 1);
        int[] shape = [.. Shape.Skip(1).Select(length => (int)length)];
        return shape switch
        {
            [not (3 or 4) and var height, var width, (3 or 4) and var channels] =>
                new NumberRows(ChannelsFirst(read, height * width, channels), [channels, height, width], isByte),
            [var height, var width, 1] => new NumberRows(read, [height, width], isByte),
            [1, var height, var width] => new NumberRows(read, [height, width], isByte),
            _ => new NumberRows(read, shape, isByte),
        };
    }

    /// <summary>Reads numbers of one dimension.</summary>
    /// <exception cref="DataException">There are more dimensions, text, NaN or infinity.</exception>
    public double[] ReadNumbers()
    {
        if (Shape.Count != 1)
            throw new DataException($"{Name}: one dimension is expected, but the shape is {ShapeText}.");
        return [.. ReadFeatures().Values];
    }

    /// <summary>Reads the only element as text.</summary>
    /// <exception cref="DataException">There are more elements.</exception>
    public string ReadScalar()
    {
        if (Shape.Any(length => length != 1))
            throw new DataException($"{Name}: one element is expected, but the shape is {ShapeText}.");
        byte[] stored = new byte[_element.Size];
        _elements.ReadExactly(stored);
        return ReadLabel(stored, row: 0);
    }

    /// <summary>Rows of pixels, each with its channels, as rows of channels, each with its pixels.</summary>
    private static FeatureMatrix ChannelsFirst(FeatureMatrix images, int pixels, int channels)
    {
        double[] values = new double[images.Rows * images.Columns];
        double[] image = new double[images.Columns];
        for (int row = 0; row < images.Rows; row++)
        {
            images.CopyRow(row, image);
            Span<double> to = values.AsSpan(row * images.Columns, images.Columns);
            for (int at = 0; at < image.Length; at++)
                to[(at % channels * pixels) + (at / channels)] = image[at];
        }

        return new FeatureMatrix(images.Rows, images.Columns, values);
    }

    /// <summary>n×… elements as n rows of features that stay in their file; null where they fit in memory.</summary>
    /// <param name="file">The file, which ends with the elements as they are.</param>
    /// <param name="room">Bytes that features in memory may take up.</param>
    /// <exception cref="DataException">There are no rows or columns, too many of either, NaN or infinity.</exception>
    public FeatureMatrix? FeaturesInFile(InputFile file, long room)
    {
        if (_element is not NumericElement numeric || IsColumnMajor)
            return null;
        (int rows, int columns) = RowsAndColumns();
        long count = (long)rows * columns, bytes = count * (numeric.FitsSingle ? sizeof(float) : sizeof(double));
        bool isMapped = bytes > MostLoaded && numeric.IsInPlace && FileStatus.Of(file.StoredPath) is { IsPrivate: true };
        if (bytes <= room && count <= Array.MaxLength && !isMapped)
            return null;
        var stored = new RowsInFile(file.Path, file.OpenHandle(), file.Length - _byteCount, numeric, columns);
        double[] features = new double[columns];
        for (int row = 0; row < rows; row++)
        {
            file.Budget.ThrowIfCancelled();
            stored.Read(row, features);
            ThrowIfNotFinite<double>(features, row);
        }

        return new FeatureMatrix(rows, columns, stored.Read);
    }

    /// <summary>
    /// Reads n×k elements as n rows of features from their file, which ends with the elements as they are; null where
    /// they are no numbers that can be used as they stand there, row by row, and where they are few.
    /// </summary>
    /// <exception cref="DataException">
    /// There are no rows or columns, too many of either, NaN or infinity.
    /// </exception>
    public FeatureMatrix? ReadFeaturesInPlace(InputFile file)
    {
        if (_element is not NumericElement { IsInPlace: true } numeric || IsColumnMajor)
            return null;
        (int rows, int columns) = RowsAndColumns();
        if ((long)rows * columns is var count && (count < BlockSize || count > Array.MaxLength))
            return null;
        return numeric.FitsSingle
            ? new FeatureMatrix(rows, columns, ReadInPlace<float>(file, rows, columns))
            : new FeatureMatrix(rows, columns, ReadInPlace<double>(file, rows, columns));
    }

    /// <summary>n×k elements as n rows of features that stay in their file; one is checked when it is read.</summary>
    /// <param name="file">The file, which ends with the elements as they are.</param>
    /// <exception cref="DataException">
    /// There are no rows or columns, too many of either, or these are no rows.
    /// </exception>
    public FeatureMatrix LeaveRowsInFile(InputFile file)
    {
        if (_element is not NumericElement numeric || IsColumnMajor || Shape.Count != 2)
        {
            throw new DataException(
                $"{Name}: rows that stay in their file are two dimensions of numbers, row by row, but the shape is {ShapeText}; in NumPy, "
                    + "save np.ascontiguousarray(X).");
        }

        (int rows, int columns) = RowsAndColumns();
        var stored = new RowsInFile(file.Path, file.OpenHandle(), file.Length - _byteCount, numeric, columns);
        return new FeatureMatrix(rows, columns, (row, features) =>
        {
            stored.Read(row, features);
            ThrowIfNotFinite<double>(features[..columns], row);
        });
    }

    /// <summary>n elements as labels that stay in their file.</summary>
    /// <param name="file">The file, which ends with the elements as they are.</param>
    /// <exception cref="DataException">There is more than one dimension, or there are too many elements.</exception>
    public IReadOnlyList<string> LeaveLabelsInFile(InputFile file) => Shape is [> 0 and var count] && count <= Array.MaxLength
        ? new LabelsInFile(file, file.Length - _byteCount, _element.Size, (int)count, ReadLabel)
        : throw new DataException($"{Name}: labels that stay in their file are one dimension, but the shape is {ShapeText}.");

    /// <summary>
    /// Reads n elements, or n×1, as n labels; a label is empty where there is none (blank text, NaN, infinity).
    /// </summary>
    /// <exception cref="DataException">
    /// There is more than one dimension that is not 1, there are no elements, or one is not a label.
    /// </exception>
    public IReadOnlyList<string> ReadLabels()
    {
        if (Shape.Count == 0 || Shape.Skip(1).Any(length => length != 1))
        {
            string advice = Shape.Count(length => length > 1) <= 1
                ? "in NumPy, y.ravel() makes n of it"
                : "if these are one-hot labels or scores, a column for each class, then y.argmax(axis=1) in NumPy makes labels of them";
            throw new DataException($"{Name}: one dimension is expected, but the shape is {ShapeText}; {advice}.");
        }
        if (Shape[0] == 0)
            throw new DataException($"{Name}: the array is empty.");
        if (Shape[0] > Array.MaxLength)
            throw new DataException($"{Name}: {Shape[0]} elements are more than fit in memory.");
        _budget.Take(Shape[0], IntPtr.Size);
        string[] labels = new string[Shape[0]];
        Dictionary<string, string> known = []; // One string for all rows of a class.
        Dictionary<ulong, string> knownBits = []; // The same by the bytes of short elements, which need no text then.
        int size = _element.Size, batch = Math.Max(1, BatchSize / size);
        byte[] several = new byte[(long)Math.Min(batch, labels.Length) * size], stored = new byte[size];
        for (int row = 0; row < labels.Length; row++)
        {
            if (row % batch == 0)
                _elements.ReadExactly(several.AsSpan(0, Math.Min(batch, labels.Length - row) * size));
            several.AsSpan(row % batch * size, size).CopyTo(stored);
            ulong bits = 0;
            for (int i = 0; i < size && size <= sizeof(ulong); i++)
                bits = bits << 8 | stored[i];
            if (size <= sizeof(ulong) && knownBits.TryGetValue(bits, out string? read))
            {
                labels[row] = read;
                continue;
            }

            string label = ReadLabel(stored, row);
            if (!known.TryGetValue(label, out string? same))
            {
                _budget.Take(ReadBudget.BytesOf(label));
                known.Add(label, same = label);
            }

            labels[row] = same;
            if (size <= sizeof(ulong) && knownBits.Count < MostKnown)
                knownBits.Add(bits, same);
        }
        return labels;
    }

    private T[] ReadNumbers<T>(NumericElement numeric, int rows, int columns, T unit)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        _budget.Take((long)rows * columns, Unsafe.SizeOf<T>());
        T[] values = new T[(long)rows * columns];
        byte[] stored = new byte[BatchSize * _element.Size];
        T[] batch = new T[IsColumnMajor ? BatchSize : 0];
        for (int done = 0, count; done < values.Length; done += count)
        {
            count = Math.Min(BatchSize, values.Length - done);
            Span<T> numbers = IsColumnMajor ? batch.AsSpan(0, count) : values.AsSpan(done, count);
            Span<byte> bytes = stored.AsSpan(0, count * _element.Size);
            _elements.ReadExactly(bytes);
            _budget.ThrowIfCancelled();
            numeric.ToNumbers(bytes, numbers);
            if (unit != T.One)
            {
                foreach (ref T number in numbers)
                    number /= unit;
            }
            for (int i = 0; IsColumnMajor && i < count; i++)
                values[RowMajorIndex(done + i, rows, columns)] = numbers[i];
        }
        for (int row = 0; row < rows; row++)
            ThrowIfNotFinite<T>(values.AsSpan(row * columns, columns), row);
        return values;
    }

    /// <summary>
    /// The same numbers as they stand in a file that can be read at any place, read and checked on all threads.
    /// </summary>
    private T[] ReadInPlace<T>(InputFile file, int rows, int columns)
        where T : unmanaged, INumberBase<T>
    {
        _budget.Take((long)rows * columns, Unsafe.SizeOf<T>());
        T[] values = GC.AllocateUninitializedArray<T>(rows * columns);
        using SafeFileHandle handle = file.OpenHandle();
        int blockRows = Math.Max(1, BlockSize / columns), blocks = ((rows - 1) / blockRows) + 1;
        long offset = file.Length - _byteCount, rowBytes = (long)columns * Unsafe.SizeOf<T>();
        var endings = new Exception?[blocks];
        Parallel.For(0, blocks, block =>
        {
            int first = block * blockRows, count = Math.Min(blockRows, rows - first);
            try
            {
                _budget.ThrowIfCancelled();
                Span<T> numbers = values.AsSpan(first * columns, count * columns);
                ReadExactly(handle, MemoryMarshal.AsBytes(numbers), offset + (first * rowBytes));
                bool areFinite = AreFinite<T>(numbers);
                for (int row = first; !areFinite && row < first + count; row++)
                    ThrowIfNotFinite<T>(values.AsSpan(row * columns, columns), row);
            }
            catch (Exception exception) when (exception is IOException or DataException or OperationCanceledException)
            {
                endings[block] = exception;
            }
        });

        // What is wrong first in the file, whichever thread came to it first.
        if (Array.Find(endings, ending => ending is not null) is { } ending)
            ExceptionDispatchInfo.Throw(ending);
        return values;
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> bytes, long offset)
    {
        for (int done = 0, more; done < bytes.Length; done += more)
        {
            more = RandomAccess.Read(file, bytes[done..], offset + done);
            if (more == 0)
                throw new EndOfStreamException();
        }
    }

    private static bool AreFinite<T>(ReadOnlySpan<T> numbers)
        where T : unmanaged, INumberBase<T>
    {
        // 0 times any other number is no 0.
        Vector<T> zeros = Vector<T>.Zero;
        int i = 0;
        for (; i <= numbers.Length - Vector<T>.Count; i += Vector<T>.Count)
            zeros += new Vector<T>(numbers[i..]) * Vector<T>.Zero;
        T rest = T.Zero;
        for (; i < numbers.Length; i++)
            rest += numbers[i] * T.Zero;
        return zeros == Vector<T>.Zero && rest == T.Zero;
    }

    private static long RowMajorIndex(long columnMajorIndex, int rows, int columns) =>
        (columnMajorIndex % rows * columns) + (columnMajorIndex / rows);

    private (int Rows, int Columns) RowsAndColumns()
    {
        if (Shape.Contains(0))
            throw new DataException($"{Name}: the shape is {ShapeText}, but at least one row and one column are needed.");
        BigInteger count = Shape.Aggregate(BigInteger.One, (product, length) => product * length);
        if (Shape[0] > Array.MaxLength || count / Shape[0] > Array.MaxLength)
        {
            throw new DataException(
                $"{Name}: the shape is {ShapeText}, but there may be at most {Array.MaxLength} rows, and as many columns.");
        }
        return ((int)Shape[0], (int)(count / Shape[0]));
    }

    private void ThrowIfNotFinite<T>(ReadOnlySpan<T> features, int row)
        where T : INumberBase<T>
    {
        for (int column = 0; column < features.Length; column++)
        {
            if (!T.IsFinite(features[column]))
            {
                throw new DataException(
                    $"{Name}, row {row}, column {column} (from 0): {(T.IsNaN(features[column]) ? "NaN" : "infinity")} is not a feature; "
                    + "all must be finite. Drop or fill in such rows.");
            }
        }
    }

    private string ReadLabel(byte[] stored, int row)
    {
        try
        {
            string label = _element.ToLabel(stored);
            return string.IsNullOrWhiteSpace(label) ? "" : label;
        }
        catch (FormatException e)
        {
            throw new DataException(
                $"{Name}, row {row} (from 0): the label is not text in UTF-8 or Unicode; save labels as '<U'.", e);
        }
    }
}

/// <summary>Labels in a file, read when they are needed, some thousand at a time.</summary>
internal sealed class LabelsInFile(InputFile file, long offset, int size, int count, Func<byte[], int, string> read) : IReadOnlyList<string>
{
    private const int BatchRows = 1 << 14;

    // Never closed: whoever holds the labels may read at any time.
    private readonly SafeFileHandle _file = file.OpenHandle();
    private (int First, byte[] Stored) _batch = (-1, []);

    public int Count => count;

    public string this[int row]
    {
        get
        {
            lock (_file)
            {
                int first = row / BatchRows * BatchRows;
                if (_batch.First != first)
                    _batch = (first, Read(first, Math.Min(BatchRows, count - first)));
                return read(_batch.Stored.AsSpan((row - first) * size, size).ToArray(), row);
            }
        }
    }

    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, count).Select(row => this[row]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private byte[] Read(int first, int rows)
    {
        byte[] stored = new byte[rows * size];
        for (int done = 0, more; done < stored.Length; done += more)
        {
            more = RandomAccess.Read(_file, stored.AsSpan(done), offset + (long)first * size + done);
            if (more == 0)
                throw new DataException($"{file.Path}: the file has become shorter while it was used; run again.");
        }

        return stored;
    }
}

/// <summary>Rows of numbers as a file of arrays has them.</summary>
/// <param name="Features">n×k numbers.</param>
/// <param name="RowShape">The shape of a row, as in <see cref="Dataset.RowShape"/>; empty if it is k numbers.</param>
/// <param name="IsScaled">Whether bytes were divided by 255.</param>
internal sealed record NumberRows(FeatureMatrix Features, IReadOnlyList<int> RowShape, bool IsScaled);

/// <summary>Rows of numbers in a file, read when they are needed.</summary>
/// <remarks>
/// A file that nobody but the user can write is mapped into memory, so that processes share its pages. If it is cut
/// short meanwhile, the system ends the process. Where others could do that, rows are read instead, and reading says
/// so.
/// </remarks>
internal sealed unsafe class RowsInFile
{
    // Never closed: whoever holds the matrix may read at any time.
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly byte* _mapped;
    private readonly string _path;
    private readonly long _offset;
    private readonly NumericElement _element;
    private readonly int _rowBytes;

    /// <param name="path">The file, as messages name it.</param>
    /// <param name="file">The file, which stays open.</param>
    /// <param name="offset">Where in it the first row begins.</param>
    /// <param name="element">How a number is stored.</param>
    /// <param name="columns">Numbers in a row, row by row.</param>
    /// <exception cref="DataException">A row is too long.</exception>
    public RowsInFile(string path, SafeFileHandle file, long offset, NumericElement element, int columns)
    {
        if (columns > Array.MaxLength / element.Size)
            throw new DataException($"{path}: a row of {columns} numbers is too long to be read in place; use fewer columns.");
        (_path, _file, _offset, _element, _rowBytes) = (path, file, offset, element, columns * element.Size);
        if (!element.IsInPlace || FileStatus.Of(file) is not { IsPrivate: true })
            return;
        using var whole = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = whole.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _mapped);
        _mapped += _view.PointerOffset + offset;
    }

    /// <summary>Reads one row.</summary>
    /// <exception cref="DataException">The file has become shorter, or cannot be read any more.</exception>
    public void Read(int row, Span<double> numbers)
    {
        if (_view is not null)
        {
            _element.ToNumbers(new Span<byte>(_mapped + (long)row * _rowBytes, _rowBytes), numbers);
            return;
        }

        Span<byte> stored = _rowBytes <= 4096 ? stackalloc byte[_rowBytes] : new byte[_rowBytes];
        try
        {
            for (int read = 0, more; read < _rowBytes; read += more)
            {
                more = RandomAccess.Read(_file, stored[read..], _offset + ((long)row * _rowBytes) + read);
                if (more == 0)
                    throw new DataException($"{_path}, row {row} (from 0): the file has become shorter while it was used; run again.");
            }
        }
        catch (IOException e)
        {
            throw new DataException($"{_path}, row {row} (from 0): {InputFile.Explain(_path, e)}", e);
        }

        _element.ToNumbers(stored, numbers);
    }
}
