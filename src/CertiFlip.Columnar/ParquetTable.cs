using System.Globalization;
using System.Numerics;
using CertiFlip.Data;
using CertiFlip.Data.Formats;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using Type = System.Type;

namespace CertiFlip.Columnar;

/// <summary>Reads Parquet, a few pages of a column at a time.</summary>
internal sealed class ParquetTable : IDisposable
{
    // Values of a column whose levels are in memory at once, where its pages allow it.
    private const long BatchValues = 1 << 20;
    private const long MostGarbage = 128 << 20;
    private const string PandasIndex = "__index_level_";
    private readonly string _path;
    private readonly ReadBudget _budget;
    private readonly ShiftedStream _file;
    private readonly ParquetReader _reader;
    private readonly int _rows;
    private long _allocated;

    private ParquetTable(InputFile file, ReadBudget budget)
    {
        (_path, _budget) = (file.Path, budget);
        _file = new ShiftedStream(file.OpenAnywhere());
        try
        {
            CompactReader.CheckFooter(_file);
            _file.Position = 0;
            _reader = Wait(ParquetReader.CreateAsync(_file, new ParquetOptions { UseDateOnlyTypeForDates = true }, leaveStreamOpen: true));
            long rows = _reader.Metadata!.RowGroups.Sum(group => group.NumRows);
            _rows = rows is > 0 and <= int.MaxValue ? (int)rows : throw new DataException(
                $"{_path}: there are {rows} rows; expected from 1 to {int.MaxValue}.");
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="budget">How much room there is.</param>
    /// <param name="options">How to read it.</param>
    public static Table Read(InputFile file, ReadBudget budget, TableOptions options)
    {
        using var table = new ParquetTable(file, budget);
        return table.Read(options);
    }

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _file.Dispose();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private Table Read(TableOptions options)
    {
        var classes = ColumnValues.ClassNames(_reader.CustomMetadata?.GetValueOrDefault("huggingface"));
        List<TableColumn> columns = [];
        List<string> notes = [], ignored = [];
        foreach ((string name, DataField? field, bool isList) in _reader.Schema.Fields.SelectMany(field => Leaves(field, "")))
        {
            string top = name.Split('.')[0];
            if (options.Ignored.Contains(name) || options.Ignored.Contains(top))
                ignored.Add(options.Ignored.Contains(name) ? name : top);
            else if (name.StartsWith(PandasIndex, StringComparison.Ordinal))
                notes.Add($"the index that pandas wrote, {name}, is passed over");
            else if (field is null)
                throw Unreadable(name, "lists within lists, or keys with values");
            else if (isList)
                columns.Add(ReadList(name, field));
            else
                columns.Add(ReadScalars(name, field, options.AsText.Contains(name), classes.GetValueOrDefault(name)));
        }

        if (columns.Count == 0)
            throw new DataException($"{_path}: no column is left.");
        return new Table(_path, WithoutPaths(columns)) { Notes = notes, IgnoredColumns = [.. ignored.Distinct()] };
    }

    /// <summary>Images of Hugging Face's data sets stand beside their paths, which are no features.</summary>
    private static TableColumn[] WithoutPaths(List<TableColumn> columns)
    {
        HashSet<string> paths = [.. columns.OfType<ImageColumn>().Select(image => image.Name + ".path")];
        return [.. columns.Where(column => !paths.Contains(column.Name))];
    }

    private static IEnumerable<(string Name, DataField? Field, bool IsList)> Leaves(Field field, string prefix) => field switch
    {
        DataField data => [(prefix + field.Name, data, data.MaxRepetitionLevel > 0)],
        StructField parts => parts.Fields.SelectMany(part => Leaves(part, $"{prefix}{field.Name}.")),
        ListField { Item: DataField { MaxRepetitionLevel: 1 } item } => [(prefix + field.Name, item, true)],
        _ => [(prefix + field.Name, null, false)],
    };

    private DataException Unreadable(string name, string what) =>
        new($"{_path}: column '{name}' holds {what}, which are not read; pass over it with --ignore {name}.");

    private TableColumn ReadScalars(string name, DataField field, bool isText, IReadOnlyList<string>? classes)
    {
        var values = new ColumnValues(_path, name, isText, classes, _budget);
        for (int group = 0; group < _reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
            CheckPages(rows, field);
            int before = values.Rows;
            Action<DataField, ParquetRowGroupReader, ColumnValues> read = Type.GetTypeCode(field.ClrType) switch
            {
                TypeCode.Boolean => Each<bool>((to, value) => to.Add(value)),
                TypeCode.SByte => Numbers<sbyte>(),
                TypeCode.Byte => Numbers<byte>(),
                TypeCode.Int16 => Numbers<short>(),
                TypeCode.UInt16 => Numbers<ushort>(),
                TypeCode.Int32 => Numbers<int>(),
                TypeCode.UInt32 => Numbers<uint>(),
                TypeCode.Int64 => Numbers<long>(),
                TypeCode.UInt64 => Numbers<ulong>(),
                TypeCode.Single => Numbers<float>(),
                TypeCode.Double => Numbers<double>(),
                TypeCode.Decimal => Numbers<decimal>(),
                TypeCode.DateTime => Each<DateTime>((to, value) => to.Add(value.ToString(
                    value.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture))),
                _ when field.ClrType == typeof(Half) => Numbers<Half>(),
                _ when field.ClrType == typeof(DateOnly) =>
                    Each<DateOnly>((to, value) => to.Add(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
                _ when field.ClrType == typeof(TimeOnly) =>
                    Each<TimeOnly>((to, value) => to.Add(value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture))),
                _ when field.ClrType == typeof(TimeSpan) => Each<TimeSpan>((to, value) => to.Add(value.TotalSeconds)),
                _ when field.ClrType == typeof(Guid) => Each<Guid>((to, value) => to.Add(value.ToString())),
                _ when field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>) => Texts,
                _ when field.ClrType == typeof(byte[]) || field.ClrType == typeof(ReadOnlyMemory<byte>) => Bytes,
                _ => throw Unreadable(name, $"values of a type ({field.ClrType.Name})"),
            };
            read(field, rows, values);
            if (values.Rows - before != rows.RowCount)
                throw new DataException($"{_path}: column '{name}' has {values.Rows - before} values in {rows.RowCount} rows.");
        }

        return values.ToColumn();

        static Action<DataField, ParquetRowGroupReader, ColumnValues> Numbers<T>()
            where T : struct, INumberBase<T> => Each<T>((to, value) => to.Add(value));
    }

    private static Action<DataField, ParquetRowGroupReader, ColumnValues> Each<T>(Action<ColumnValues, T> add)
        where T : struct => (field, rows, to) =>
        {
            int count = checked((int)rows.RowCount);
            int[] levels = new int[count];
            Memory<int>? definitions = field.MaxDefinitionLevel > 0 ? levels.AsMemory() : (Memory<int>?)null;
            var values = new T[count];
            rows.ReadRawAsync(field, values.AsMemory(), definitions, null).AsTask().GetAwaiter().GetResult();
            int next = 0;
            for (int row = 0; row < count; row++)
            {
                if (levels[row] == field.MaxDefinitionLevel)
                    add(to, values[next++]);
                else
                    to.AddGap();
            }
        };

    private static void Texts(DataField field, ParquetRowGroupReader rows, ColumnValues to)
    {
        var values = new string?[checked((int)rows.RowCount)];
        rows.ReadAsync(field, values.AsMemory()!).AsTask().GetAwaiter().GetResult();
        foreach (string? value in values)
            to.Add(value);
    }

    private static void Bytes(DataField field, ParquetRowGroupReader rows, ColumnValues to)
    {
        var values = new byte[]?[checked((int)rows.RowCount)];
        rows.ReadAsync(field, values.AsMemory()!).AsTask().GetAwaiter().GetResult();
        foreach (byte[]? value in values)
        {
            if (value is null)
                to.AddGap();
            else
                to.Add(value);
        }
    }

    private VectorColumn ReadList(string name, DataField field) => Type.GetTypeCode(field.ClrType) switch
    {
        TypeCode.Single => new VectorColumn(name, Matrix(name, ReadLists<float, float>(name, field, out int length), length)),
        TypeCode.Double => new VectorColumn(name, Matrix(name, ReadLists<double, double>(name, field, out int length), length)),
        TypeCode.SByte => new VectorColumn(name, Matrix(name, ReadLists<sbyte, float>(name, field, out int length), length)),
        TypeCode.Byte => new VectorColumn(name, Matrix(name, ReadLists<byte, float>(name, field, out int length), length)),
        TypeCode.Int16 => new VectorColumn(name, Matrix(name, ReadLists<short, float>(name, field, out int length), length)),
        TypeCode.UInt16 => new VectorColumn(name, Matrix(name, ReadLists<ushort, float>(name, field, out int length), length)),
        TypeCode.Int32 => new VectorColumn(name, Matrix(name, ReadLists<int, double>(name, field, out int length), length)),
        TypeCode.UInt32 => new VectorColumn(name, Matrix(name, ReadLists<uint, double>(name, field, out int length), length)),
        TypeCode.Int64 => new VectorColumn(name, Matrix(name, ReadLists<long, double>(name, field, out int length), length)),
        TypeCode.UInt64 => new VectorColumn(name, Matrix(name, ReadLists<ulong, double>(name, field, out int length), length)),
        _ when field.ClrType == typeof(Half) =>
            new VectorColumn(name, Matrix(name, ReadLists<Half, float>(name, field, out int length), length)),
        _ => throw Unreadable(name, "lists of something else than numbers"),
    };

    private FeatureMatrix Matrix<T>(string name, T[] values, int length)
        where T : unmanaged
    {
        try
        {
            return values is float[] singles ? new FeatureMatrix(_rows, length, singles)
                : new FeatureMatrix(_rows, length, (double[])(object)values);
        }
        catch (ArgumentException e)
        {
            throw new DataException($"{_path}, column '{name}': {e.Message.Split(" (Parameter")[0]} Drop or fill in such rows.", e);
        }
    }

    /// <summary>
    /// Reads lists that are all of one length into one array, without a second copy where the types are the same.
    /// </summary>
    private TTo[] ReadLists<TFrom, TTo>(string name, DataField field, out int length)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        long total = 0;
        for (int group = 0; group < _reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
            total += rows.GetMetadata(field)!.MetaData!.NumValues;
        }

        if (total % _rows != 0 || total == 0)
            throw Ragged(name);
        if (total > Array.MaxLength)
        {
            throw new DataException(
                $"{_path}, column '{name}': {total} numbers are more than the {Array.MaxLength} that fit in one matrix; use fewer rows.");
        }

        length = (int)(total / _rows);
        _budget.Take(total, System.Runtime.CompilerServices.Unsafe.SizeOf<TTo>());
        var all = GC.AllocateUninitializedArray<TTo>((int)total);
        var lists = new ListLevels(field.MaxDefinitionLevel, length, row => Ragged(name, row));
        int done = 0;
        TFrom[] batch = [];
        for (int group = 0; group < _reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = _reader.OpenRowGroupReader(group);
            ColumnMetaData chunk = rows.GetMetadata(field)!.MetaData!;
            foreach (ParquetPages.Batch pages in CheckPages(rows, field).Batches(BatchValues))
            {
                int count = checked((int)pages.Values);
                if (count > all.Length - done)
                    throw Ragged(name);
                Memory<TFrom> to = all is TFrom[] same
                    ? same.AsMemory(done, count)
                    : (batch = batch.Length < count ? new TFrom[count] : batch)
                    .AsMemory(0, count);
                pages.Read(_file, chunk, () =>
                    rows.ReadRawAsync(field, to, lists.Definitions(count), lists.Repetitions(count)).AsTask().GetAwaiter().GetResult());
                lists.Check(count);
                if (all is not TFrom[])
                {
                    Span<TFrom> from = to.Span;
                    for (int i = 0; i < count; i++)
                        all[done + i] = TTo.CreateTruncating(from[i]);
                }

                done += count;
                _budget.ThrowIfCancelled();
                FreePages();
            }
        }

        return done == all.Length ? all : throw Ragged(name);
    }

    /// <summary>
    /// The library allocates several times the bytes of a page, which would stay until they are as much as the
    /// features.
    /// </summary>
    private void FreePages()
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        if (allocated - _allocated < MostGarbage)
            return;
        _allocated = allocated;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
    }

    private DataException Ragged(string name, long? row = null) => new(
        $"{_path}, column '{name}'{(row is null ? "" : $", row {row} (from 0)")}: the lists differ in length, or a number or a list is "
        + "missing; each row needs as many numbers. --ignore passes over the column.");

    /// <summary>The pages of a column, whose sizes are known before anything is allocated for them.</summary>
    private ParquetPages CheckPages(ParquetRowGroupReader rows, DataField field)
    {
        ColumnMetaData chunk = rows.GetMetadata(field)?.MetaData ?? throw new DataException($"{_path}: column '{field.Path}' is missing.");
        var pages = ParquetPages.Of(_file, chunk);
        _budget.CheckUnpacked(pages.Unpacked);
        return pages;
    }

    /// <summary>Levels of a batch of values: they say where lists begin and whether something is missing.</summary>
    private sealed class ListLevels(int present, int length, Func<long, DataException> refusal)
    {
        private int[] _definitions = [], _repetitions = [];
        private long _done;

        public Memory<int> Definitions(int count) => Room(ref _definitions, count);

        public Memory<int> Repetitions(int count) => Room(ref _repetitions, count);

        /// <exception cref="DataException">A list has another length, or something is missing.</exception>
        public void Check(int count)
        {
            if (_definitions.AsSpan(0, count).IndexOfAnyExcept(present) is >= 0 and var missing)
                throw refusal((_done + missing) / length);
            for (int at = 0; at < count;)
            {
                int inList = (int)((_done + at) % length), rest = Math.Min(length - inList, count - at);
                Span<int> list = _repetitions.AsSpan(at, rest);
                bool fits = inList > 0 || list[0] == 0;
                if (!fits || list[(inList > 0 ? 0 : 1)..].IndexOfAnyExcept(1) >= 0)
                    throw refusal((_done + at) / length);
                at += rest;
            }

            _done += count;
        }

        private static Memory<int> Room(ref int[] levels, int count)
        {
            if (levels.Length < count)
                levels = new int[count];
            return levels.AsMemory(0, count);
        }
    }
}
