using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CertiFlip.Native;

/// <summary><c>certiflip_matrix</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LentMatrix
{
    public nuint Size;
    public void* Data;
    public long Rows;
    public long Columns;
    public int Type;
    public int Reserved;
}

/// <summary><c>certiflip_labels</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LentLabels
{
    public nuint Size;
    public long Count;
    public long* Values;
    public byte** Names;
    public long NameCount;
}

/// <summary><c>certiflip_adversary</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AdversaryLimits
{
    public nuint Size;
    public long* TrustedRows;
    public long TrustedCount;
    public int* Directions;
    public long DirectionCount;
    public int* Costs;
    public long CostCount;
}

/// <summary>Reads what callers pass. Features stay where they are.</summary>
internal static unsafe class Input
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A structure that a caller filled in, or an empty one where there is none.</summary>
    /// <typeparam name="T">Its layout, which begins with its size.</typeparam>
    /// <param name="given">Where it is; may be null.</param>
    /// <param name="name">What C calls it.</param>
    /// <param name="before">
    /// The size that it had before it got fields at its end, in programs that were compiled then: the new fields are 0.
    /// </param>
    /// <exception cref="CallException">It is of another size.</exception>
    public static T Read<T>(T* given, string name, int? before = null)
        where T : unmanaged
    {
        if (given is null)
            return default;
        nuint size = *(nuint*)given;
        if (size != (nuint)sizeof(T) && size != (nuint?)before)
            throw new CallException(Status.BadArgument, $"The size of {name} is {size}; expected {sizeof(T)}: set it to sizeof({name}).");
        T read = default;
        new ReadOnlySpan<byte>(given, (int)size).CopyTo(new Span<byte>(&read, sizeof(T)));
        return read;
    }

    /// <summary>Fills in a structure of the caller's, but for its size.</summary>
    /// <exception cref="CallException">It is null, or of another size.</exception>
    public static void Fill<T>(T* wanted, string name, T values)
        where T : unmanaged
    {
        NotNull(wanted, name);
        nuint size = (nuint)sizeof(T);
        Read(wanted, name);
        *wanted = values;
        *(nuint*)wanted = size;
    }

    /// <exception cref="CallException">The pointer is null.</exception>
    public static void NotNull(void* pointer, string name)
    {
        if (pointer is null)
            throw new CallException(Status.BadArgument, $"{name} is NULL.");
    }

    /// <summary>An array of the caller's.</summary>
    /// <exception cref="CallException">There is none, but it has elements; or there are too many.</exception>
    public static Span<T> Span<T>(T* data, long count, string name)
        where T : unmanaged
    {
        if (count is < 0 or > int.MaxValue)
            throw new CallException(Status.BadArgument, $"The number of {name} is {count}; expected 0 to {int.MaxValue}.");
        if (count > 0)
            NotNull(data, name);
        return new Span<T>(data, (int)count);
    }

    /// <summary>The same of an array that must have so many elements.</summary>
    public static Span<T> Span<T>(T* data, long count, long expected, string name)
        where T : unmanaged =>
        count == expected
            ? Span(data, count, name)
            : throw new CallException(Status.BadArgument, $"The number of {name} is {count}; expected {expected}.");

    /// <summary>A text.</summary>
    /// <exception cref="CallException">It is null, or not UTF-8.</exception>
    public static string Text(byte* text, string name)
    {
        NotNull(text, name);
        try
        {
            return Strict.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }
        catch (ArgumentException)
        {
            throw new CallException(Status.BadArgument, $"{name} is not UTF-8.");
        }
    }

    /// <summary>A text of the library's, as <c>certiflip_class_name</c> gives it.</summary>
    /// <exception cref="CallException">There is no room for it.</exception>
    public static void Give(string text, byte* buffer, nuint capacity, nuint* length)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (length is not null)
            *length = (nuint)bytes;
        if (buffer is null)
            return;
        if (capacity > 0)
            buffer[0] = 0;
        if (capacity <= (nuint)bytes)
            throw new CallException(Status.BadArgument, $"The text needs {bytes + 1} bytes, but there is room for {capacity}.");
        Call.Write(text, buffer, bytes + 1);
    }

    /// <summary>Features where they are.</summary>
    /// <exception cref="CallException">A size cannot be, or a number is not finite.</exception>
    public static FeatureMatrix Matrix(LentMatrix* given, string name)
    {
        NotNull(given, name);
        LentMatrix matrix = Read(given, "certiflip_matrix");
        if (matrix.Rows < 0 || matrix.Columns < 1 || matrix.Columns > int.MaxValue || matrix.Rows > int.MaxValue / matrix.Columns)
            throw new CallException(
                Status.BadArgument,
                $"{name} has {matrix.Rows} rows and {matrix.Columns} columns; expected 0 or more, 1 or more, and a product below 2^31.");
        (int rows, int columns) = ((int)matrix.Rows, (int)matrix.Columns);
        if (rows > 0)
            NotNull(matrix.Data, $"data of {name}");
        try
        {
            return matrix.Type switch
            {
                0 => new FeatureMatrix(rows, columns, Lent((double*)matrix.Data, rows * columns)),
                1 => new FeatureMatrix(rows, columns, Lent((float*)matrix.Data, rows * columns)),
                _ => throw new CallException(
                    Status.BadArgument, $"The type of {name} is {matrix.Type}; expected CERTIFLIP_FLOAT64 or CERTIFLIP_FLOAT32."),
            };
        }
        catch (ArgumentException exception)
        {
            throw new CallException(Status.BadData, $"{name}: {Sentence(exception)}");
        }
    }

    /// <summary>Where a matrix reads its numbers.</summary>
    public static void* AddressOf(FeatureMatrix matrix) =>
        matrix.TryGetValues(out ReadOnlySpan<float> singles)
            ? Unsafe.AsPointer(ref MemoryMarshal.GetReference(singles))
            : matrix.TryGetValues(out ReadOnlySpan<double> doubles) ? Unsafe.AsPointer(ref MemoryMarshal.GetReference(doubles)) : null;

    /// <summary>Labels, with the list of classes as it was stated or as it is read off them.</summary>
    /// <exception cref="ArgumentException">They cannot be labels, or cannot be of these classes.</exception>
    public static ClassLabels Labels(LentLabels* given, Func<ClassList?> stated)
    {
        NotNull(given, "labels");
        LentLabels labels = Read(given, "certiflip_labels");
        if (labels.Values is null && labels.NameCount != 0)
            throw new CallException(Status.BadArgument, "name_count has no meaning without values; expected 0.");
        var codes = new int[Span(labels.Values, labels.Values is null ? 0 : labels.Count, "labels").Length];
        string[] names;
        if (labels.Values is null)
        {
            // A label each: those that are spelled alike are kept once.
            ReadOnlySpan<nint> texts = Span((nint*)labels.Names, labels.Count, "labels");
            Dictionary<string, int> known = [];
            codes = new int[texts.Length];
            for (int row = 0; row < codes.Length; row++)
            {
                string text = Text((byte*)texts[row], $"label {row}");
                codes[row] = known.TryGetValue(text, out int code) ? code : known[text] = known.Count;
            }

            names = [.. known.Keys];
        }
        else if (labels.Names is null)
        {
            if (labels.NameCount != 0)
                throw new CallException(Status.BadArgument, "name_count has no meaning without names; expected 0.");
            Dictionary<long, int> known = [];
            for (int row = 0; row < codes.Length; row++)
                codes[row] = known.TryGetValue(labels.Values[row], out int code) ? code : known[labels.Values[row]] = known.Count;
            names = [.. known.Keys.Select(value => value.ToString(CultureInfo.InvariantCulture))];
        }
        else
        {
            names = Texts(labels.Names, labels.NameCount, "names");
            for (int row = 0; row < codes.Length; row++)
            {
                long code = labels.Values[row];
                codes[row] = code >= 0 && code < names.Length
                    ? (int)code
                    : throw new CallException(Status.BadArgument, $"Label {row} is {code}; expected an index of {names.Length} names.");
            }
        }

        string[] used = [.. codes.Distinct().Order().Select(code => names[code])];
        ClassList classes = stated() ?? ClassList.FromLabels(used);
        int[] classOf = new int[names.Length];
        for (int code = 0; code < names.Length; code++)
            classOf[code] = classes.TryFind(names[code], out int c) ? c : -1;
        for (int row = 0; row < codes.Length; row++)
        {
            string name = names[codes[row]];
            codes[row] = classOf[codes[row]];
            if (codes[row] < 0)
                throw new CallException(Status.BadData, $"Label {row} is '{name}', which is not one of the classes.");
        }

        return new ClassLabels(codes, classes);
    }

    /// <summary>Some texts.</summary>
    public static string[] Texts(byte** texts, long count, string name)
    {
        ReadOnlySpan<nint> pointers = Span((nint*)texts, count, name);
        string[] read = new string[pointers.Length];
        for (int i = 0; i < read.Length; i++)
            read[i] = Text((byte*)pointers[i], $"text {i} of {name}");
        return read;
    }

    /// <summary>What may have been done to the labels.</summary>
    public static LabelFlipAdversary AdversaryOf(AdversaryLimits* given)
    {
        AdversaryLimits limits = Read(given, "certiflip_adversary");
        int[] directions = Span(limits.Directions, checked(2 * limits.DirectionCount), "directions").ToArray();
        return new LabelFlipAdversary
        {
            TrustedRows = Rows(limits.TrustedRows, limits.TrustedCount, "trusted rows"),
            Directions = [.. directions.Chunk(2).Select(pair => new FlipDirection(pair[0], pair[1]))],
            Costs = Span(limits.Costs, limits.CostCount, "costs").ToArray(),
        };
    }

    /// <summary>Numbers of rows.</summary>
    public static int[] Rows(long* rows, long count, string name)
    {
        ReadOnlySpan<long> given = Span(rows, count, name);
        int[] numbers = new int[given.Length];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = given[i] is >= 0 and <= int.MaxValue
                ? (int)given[i]
                : throw new CallException(Status.BadArgument, $"Number {i} of {name} is {given[i]}; expected a row, from 0.");
        return numbers;
    }

    /// <summary>What an exception of the library says, without the parameter that it names.</summary>
    public static string Sentence(ArgumentException exception) => exception.ParamName is { } name
        ? exception.Message.Split('\n')[0].Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : exception.Message;

    private static ReadOnlyMemory<T> Lent<T>(T* data, int length)
        where T : unmanaged => new LentMemory<T>(data, length).Memory;

    /// <summary>Numbers that a caller lends: they do not move, and are the caller's to free.</summary>
    private sealed class LentMemory<T>(T* data, int length) : MemoryManager<T>
        where T : unmanaged
    {
        /// <inheritdoc/>
        public override Span<T> GetSpan() => new(data, length);

        /// <inheritdoc/>
        public override MemoryHandle Pin(int elementIndex = 0) => new(data + elementIndex);

        /// <inheritdoc/>
        public override void Unpin()
        {
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
        }
    }
}
