using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML;

/// <summary>A view with the columns of a certified head. Rows are certified in batches while they are read.</summary>
internal sealed class CertifiedView : IDataView
{
    private const int MostRows = 512;

    // Of the features of a batch, were they dense.
    private const int MostNumbers = 1 << 24;

    private readonly CertifiedHeadTransformer _head;

    public CertifiedView(CertifiedHeadTransformer head, IDataView source) =>
        (_head, Source, Schema) = (head, source, head.GetOutputSchema(source.Schema));

    public IDataView Source { get; }

    /// <inheritdoc/>
    public bool CanShuffle => Source.CanShuffle;

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => Source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] isActive = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            isActive[column.Index] = true;
        return new Cursor(this, isActive, rand);
    }

    /// <inheritdoc/>
    /// <remarks>One cursor: a batch is certified by all threads already.</remarks>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Keeps the values of a batch of rows, so that the source is read once and in its order.</summary>
    private sealed class Cursor : DataViewRowCursor
    {
        private readonly CertifiedView _view;
        private readonly bool[] _isActive;
        private readonly DataViewRowCursor _source;
        private readonly BatchColumn?[] _kept;
        private readonly ValueGetter<DataViewRowId> _id;
        private readonly DataViewRowId[] _ids;
        private readonly FeatureRows _features;
        private readonly Func<bool>? _add;
        private readonly CertifiedRow[] _rows;
        private int _at = -1, _count;
        private long _position = -1;

        public Cursor(CertifiedView view, bool[] isActive, Random? rand)
        {
            (_view, _isActive) = (view, isActive);
            DataViewSchema source = view.Source.Schema;
            DataViewSchema.Column features = view._head.FeaturesIn(source);
            bool areCertified = isActive.Skip(source.Count).Any(active => active);
            _source = view.Source.GetRowCursor(
                source.Where(column => isActive[column.Index] || (areCertified && column.Index == features.Index)), rand);
            _features = FeatureRows.For(features);
            int size = Math.Clamp(MostNumbers / _features.Columns, 8, MostRows);
            (_rows, _ids, _id) = (new CertifiedRow[size], new DataViewRowId[size], _source.GetIdGetter());
            _add = areCertified ? _features.AdderOf(_source, features) : null;
            _kept = [.. source.Select(column => isActive[column.Index] ? BatchColumn.Of(_source, column, size) : null)];
        }

        /// <inheritdoc/>
        public override DataViewSchema Schema => _view.Schema;

        /// <inheritdoc/>
        public override long Position => _position;

        /// <inheritdoc/>
        public override long Batch => 0;

        /// <inheritdoc/>
        public override bool IsColumnActive(DataViewSchema.Column column) => _isActive[column.Index];

        /// <inheritdoc/>
        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[_at];

        /// <inheritdoc/>
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!_isActive[column.Index])
                throw new ArgumentException($"The column '{column.Name}' was not asked for.", nameof(column));
            int own = column.Index - _kept.Length;
            Delegate getter = own < 0 ? _kept[column.Index]!.Getter(() => _at) : _view._head.GetterOf(own, () => _rows[_at]);
            return getter as ValueGetter<TValue>
                ?? throw new ArgumentException($"The column '{column.Name}' is {column.Type}, not {typeof(TValue).Name}.", nameof(column));
        }

        /// <inheritdoc/>
        public override bool MoveNext()
        {
            if (++_at >= _count)
                Fill();
            bool isThere = _at < _count;
            _position = isThere ? _position + 1 : -1;
            return isThere;
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _source.Dispose();
            base.Dispose(disposing);
        }

        private void Fill()
        {
            (_at, _count) = (0, 0);
            _features.Clear();
            List<int> finite = [];
            while (_count < _rows.Length && _source.MoveNext())
            {
                _id(ref _ids[_count]);
                foreach (BatchColumn? column in _kept)
                    column?.Load(_count);
                _rows[_count] = _view._head.Missing;
                if (_add?.Invoke() == true)
                    finite.Add(_count);
                _count++;
            }

            if (finite.Count == 0)
                return;
            CertifiedRow[] certified = _view._head.Certify(_features.ToMatrix(), column => _isActive[_kept.Length + column]);
            foreach ((int row, CertifiedRow result) in finite.Zip(certified))
                _rows[row] = result;
        }
    }

    /// <summary>The values of one column of a batch.</summary>
    private abstract class BatchColumn
    {
        public static BatchColumn Of(DataViewRow row, DataViewSchema.Column column, int size)
        {
            Type raw = column.Type.RawType;
            Type kind = raw.IsGenericType && raw.GetGenericTypeDefinition() == typeof(VBuffer<>)
                ? typeof(Vectors<>).MakeGenericType(raw.GetGenericArguments()) : typeof(Scalars<>).MakeGenericType(raw);
            return (BatchColumn)Activator.CreateInstance(
                kind, BindingFlags.Instance | BindingFlags.Public, null, [row, column, size], null)!;
        }

        public abstract void Load(int row);

        public abstract Delegate Getter(Func<int> row);

        private sealed class Scalars<T>(DataViewRow row, DataViewSchema.Column column, int size) : BatchColumn
        {
            private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
            private readonly T[] _values = new T[size];

            public override void Load(int row) => _getter(ref _values[row]);

            public override Delegate Getter(Func<int> row) => (ValueGetter<T>)((ref T value) => value = _values[row()]);
        }

        private sealed class Vectors<T>(DataViewRow row, DataViewSchema.Column column, int size) : BatchColumn
        {
            private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
            private readonly VBuffer<T>[] _values = new VBuffer<T>[size];

            public override void Load(int row) => _getter(ref _values[row]);

            public override Delegate Getter(Func<int> row) =>
                (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => _values[row()].CopyTo(ref value));
        }
    }
}
