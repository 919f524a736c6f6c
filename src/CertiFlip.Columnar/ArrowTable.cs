using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Memory;
using CertiFlip.Data;
using CertiFlip.Data.Formats;
using Table = CertiFlip.Data.Table;

namespace CertiFlip.Columnar;

/// <summary>Reads Arrow's file and stream formats, a batch of rows at a time.</summary>
internal static class ArrowTable
{
    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isFile">Whether it is in the file format, and not in that of streams.</param>
    /// <param name="budget">How much room there is.</param>
    /// <param name="options">How to read it.</param>
    public static Table Read(InputFile file, bool isFile, ReadBudget budget, TableOptions options)
    {
        using Stream content = file.OpenAnywhere();
        using ArrowStreamReader reader = isFile
            ? new ArrowFileReader(content, new ArrayAllocator(budget), new CompressionCodecFactory(), leaveOpen: true)
            : new ArrowStreamReader(content, new ArrayAllocator(budget), new CompressionCodecFactory(), leaveOpen: true);
        List<IColumn> columns = [];
        HashSet<string> ignored = [];
        bool isFirst = true;
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            if (isFirst)
                columns = ColumnsOf(file.Path, batch.Schema, budget, options, ignored);
            isFirst = false;
            foreach (IColumn column in columns)
                column.Read(batch);
            budget.ThrowIfCancelled();
        }

        if (isFirst || columns is [{ Rows: 0 }, ..])
            throw new DataException($"{file.Path}: there is no row.");
        if (columns.Count == 0)
            throw new DataException($"{file.Path}: no column is left.");
        TableColumn[] read = [.. columns.Select(column => column.ToColumn())];
        HashSet<string> paths = [.. read.OfType<ImageColumn>().Select(image => image.Name + ".path")];
        return new Table(file.Path, [.. read.Where(column => !paths.Contains(column.Name))]) { IgnoredColumns = [.. ignored] };
    }

    /// <summary>
    /// Arrays for what is in the file, as much as the file may become at once. The library's own memory is not looked
    /// after by .NET: what a damaged file says of it is read all the same.
    /// </summary>
    private sealed class ArrayAllocator(ReadBudget budget) : MemoryAllocator
    {
        protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
        {
            budget.CheckUnpacked(length);
            bytesAllocated = length;
            return new ArrayOwner(new byte[length]);
        }

        private sealed class ArrayOwner(byte[] bytes) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => bytes;

            public void Dispose()
            {
            }
        }
    }

    private interface IColumn
    {
        int Rows { get; }

        void Read(RecordBatch batch);

        TableColumn ToColumn();
    }

    private static List<IColumn> ColumnsOf(
        string path, Schema schema, ReadBudget budget, TableOptions options, HashSet<string> ignored)
    {
        var classes = ColumnValues.ClassNames(schema.Metadata?.GetValueOrDefault("huggingface"));
        List<IColumn> columns = [];
        foreach ((int at, Field field) in schema.FieldsList.Index())
            Add(field, field.Name, batch => batch.Column(at));
        return columns;

        void Add(Field field, string name, Func<RecordBatch, IArrowArray> of)
        {
            if (options.Ignored.Contains(name))
            {
                ignored.Add(name);
                return;
            }

            if (field.DataType is Apache.Arrow.Types.StructType parts)
            {
                foreach ((int at, Field part) in parts.Fields.Index())
                {
                    Add(part, $"{name}.{part.Name}", batch => of(batch) is StructArray { NullCount: 0 } array
                        ? array.Fields[at]
                        : throw new DataException($"{path}: a value of column '{name}' is missing; pass over it with --ignore {name}."));
                }
            }
            else if (field.DataType.TypeId is Apache.Arrow.Types.ArrowTypeId.List or Apache.Arrow.Types.ArrowTypeId.FixedSizeList
                or Apache.Arrow.Types.ArrowTypeId.LargeList)
            {
                columns.Add(new Lists(path, name, budget, of));
            }
            else
            {
                columns.Add(new Scalars(
                    path, name, new ColumnValues(path, name, options.AsText.Contains(name), classes.GetValueOrDefault(name), budget), of));
            }
        }
    }

    private sealed class Scalars(string path, string name, ColumnValues values, Func<RecordBatch, IArrowArray> of) : IColumn
    {
        private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        public int Rows => values.Rows;

        public void Read(RecordBatch batch) => Read(of(batch));

        public TableColumn ToColumn() => values.ToColumn();

        private void Read(IArrowArray array)
        {
            for (int row = 0; row < array.Length; row++)
                Add(array, row);
        }

        private void Add(IArrowArray array, int row)
        {
            if (array is NullArray || array.IsNull(row))
            {
                values.AddGap();
                return;
            }

            switch (array)
            {
                case BooleanArray all:
                    values.Add(all.GetValue(row)!.Value);
                    break;
                case Int8Array all:
                    values.Add(all.Values[row]);
                    break;
                case Int16Array all:
                    values.Add(all.Values[row]);
                    break;
                case Int32Array all:
                    values.Add(all.Values[row]);
                    break;
                case Int64Array all:
                    values.Add(all.Values[row]);
                    break;
                case UInt8Array all:
                    values.Add(all.Values[row]);
                    break;
                case UInt16Array all:
                    values.Add(all.Values[row]);
                    break;
                case UInt32Array all:
                    values.Add(all.Values[row]);
                    break;
                case UInt64Array all:
                    values.Add(all.Values[row]);
                    break;
                case HalfFloatArray all:
                    values.Add(all.Values[row]);
                    break;
                case FloatArray all:
                    values.Add(all.Values[row]);
                    break;
                case DoubleArray all:
                    values.Add(all.Values[row]);
                    break;
                case Decimal128Array all:
                    values.Add(all.GetValue(row)!.Value);
                    break;
                case Decimal256Array all:
                    values.Add(all.GetValue(row)!.Value);
                    break;
                case Date32Array all:
                    values.Add(Day(all.GetDateTime(row)!.Value));
                    break;
                case Date64Array all:
                    values.Add(Day(all.GetDateTime(row)!.Value));
                    break;
                case TimestampArray all:
                    values.Add(all.GetTimestamp(row)!.Value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                    break;
                // Not GetString, which does not check where the bytes are.
                case StringArray all:
                    values.Add(Utf8.GetString(all.GetBytes(row)));
                    break;
                case LargeStringArray all:
                    values.Add(Utf8.GetString(all.GetBytes(row)));
                    break;
                case StringViewArray all:
                    values.Add(Utf8.GetString(all.GetBytes(row)));
                    break;
                case BinaryArray all:
                    values.Add(all.GetBytes(row).ToArray());
                    break;
                case LargeBinaryArray all:
                    values.Add(all.GetBytes(row).ToArray());
                    break;
                case DictionaryArray all:
                    AddOf(all, row);
                    break;
                default:
                    throw new DataException(
                        $"{path}: column '{name}' holds values of a type ({array.Data.DataType.Name}) that is not read; pass over it with "
                        + $"--ignore {name}.");
            }
        }

        private void AddOf(DictionaryArray all, int row)
        {
            long index = all.Indices switch
            {
                Int8Array indices => indices.Values[row],
                Int16Array indices => indices.Values[row],
                Int32Array indices => indices.Values[row],
                Int64Array indices => indices.Values[row],
                UInt8Array indices => indices.Values[row],
                UInt16Array indices => indices.Values[row],
                UInt32Array indices => indices.Values[row],
                _ => -1,
            };
            if (index < 0 || index >= all.Dictionary.Length || all.Dictionary is DictionaryArray)
                throw new DataException($"{path}: column '{name}' points outside of its dictionary; write the file again.");
            Add(all.Dictionary, (int)index);
        }

        private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Lists of numbers that are all of one length: float32 where the file has that or less, float64 otherwise.
    /// </summary>
    private sealed class Lists(string path, string name, ReadBudget budget, Func<RecordBatch, IArrowArray> of) : IColumn
    {
        private readonly Queue<System.Array> _parts = [];
        private int _length;

        public int Rows { get; private set; }

        public void Read(RecordBatch batch)
        {
            IArrowArray lists = of(batch);
            if (lists.Length == 0)
                return;
            (IArrowArray values, long from, long to) = lists switch
            {
                FixedSizeListArray fixedSize => Of(fixedSize),
                ListArray list => (list.Values, list.ValueOffsets[0], list.ValueOffsets[list.Length]),
                LargeListArray list => (list.Values, list.ValueOffsets[0], list.ValueOffsets[list.Length]),
                _ => throw Refusal("it holds lists of an unknown kind"),
            };
            long count = to - from;
            if (lists.NullCount > 0 || count % lists.Length != 0 || count == 0 || from < 0 || to > values.Length)
                throw Ragged();
            int length = (int)(count / lists.Length);
            if (_length > 0 && length != _length)
                throw Ragged();
            _length = length;
            for (int row = 0; row < lists.Length; row++)
            {
                if (!IsOfLength(lists, row))
                    throw Ragged(Rows + row);
            }

            Rows += lists.Length;
            _parts.Enqueue(Numbers(values, (int)from, (int)count));
        }

        public TableColumn ToColumn()
        {
            if ((long)Rows * _length > System.Array.MaxLength)
                throw Refusal($"there are more numbers than the {System.Array.MaxLength} that fit in one matrix");
            try
            {
                return new VectorColumn(name, _parts.All(part => part is float[])
                    ? new FeatureMatrix(Rows, _length, Joined<float>())
                    : new FeatureMatrix(Rows, _length, Joined<double>()));
            }
            catch (ArgumentException e)
            {
                throw Refusal(e.Message.Split(" (Parameter")[0]);
            }
        }

        private static (IArrowArray, long, long) Of(FixedSizeListArray list)
        {
            int length = ((Apache.Arrow.Types.FixedSizeListType)list.Data.DataType).ListSize;
            return (list.Values, (long)list.Offset * length, (long)(list.Offset + list.Length) * length);
        }

        private bool IsOfLength(IArrowArray lists, int row) => lists switch
        {
            ListArray list => list.GetValueLength(row) == _length,
            LargeListArray list => list.ValueOffsets[row + 1] - list.ValueOffsets[row] == _length,
            _ => true,
        };

        private System.Array Numbers(IArrowArray values, int from, int count)
        {
            if (values.NullCount > 0)
                throw Ragged();
            return values switch
            {
                FloatArray all => Copy<float, float>(all.Values.Slice(from, count)),
                HalfFloatArray all => Copy<Half, float>(all.Values.Slice(from, count)),
                Int8Array all => Copy<sbyte, float>(all.Values.Slice(from, count)),
                UInt8Array all => Copy<byte, float>(all.Values.Slice(from, count)),
                Int16Array all => Copy<short, float>(all.Values.Slice(from, count)),
                UInt16Array all => Copy<ushort, float>(all.Values.Slice(from, count)),
                Int32Array all => Copy<int, double>(all.Values.Slice(from, count)),
                UInt32Array all => Copy<uint, double>(all.Values.Slice(from, count)),
                Int64Array all => Copy<long, double>(all.Values.Slice(from, count)),
                DoubleArray all => Copy<double, double>(all.Values.Slice(from, count)),
                _ => throw Refusal("it holds lists of something else than numbers"),
            };
        }

        private TTo[] Copy<TFrom, TTo>(ReadOnlySpan<TFrom> from)
            where TFrom : unmanaged, INumberBase<TFrom>
            where TTo : unmanaged, INumberBase<TTo>
        {
            budget.Take(from.Length, System.Runtime.CompilerServices.Unsafe.SizeOf<TTo>());
            var to = new TTo[from.Length];
            for (int i = 0; i < to.Length; i++)
                to[i] = TTo.CreateTruncating(from[i]);
            return to;
        }

        private T[] Joined<T>()
        {
            var all = new T[Rows * _length];
            int at = 0;
            while (_parts.TryDequeue(out System.Array? part))
            {
                part.CopyTo(all, at);
                at += part.Length;
            }

            return all;
        }

        private DataException Ragged(int? row = null) => new(
            $"{path}, column '{name}'{(row is null ? "" : $", row {row} (from 0)")}: the lists differ in length, or a number or a list is "
            + "missing; each row needs as many numbers. --ignore passes over the column.");

        private DataException Refusal(string why) => new($"{path}, column '{name}': {why}; pass over it with --ignore {name}.");
    }
}
