using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML;

/// <summary>Certifies a row at a time, as a prediction engine asks for it.</summary>
internal sealed class CertifiedRowMapper : IRowToRowMapper
{
    private readonly CertifiedHeadTransformer _head;

    public CertifiedRowMapper(CertifiedHeadTransformer head, DataViewSchema input) =>
        (_head, InputSchema, OutputSchema) = (head, input, head.GetOutputSchema(input));

    /// <inheritdoc/>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public DataViewSchema OutputSchema { get; }

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        HashSet<int> needed = [.. dependingColumns.Select(column => column.Index)];
        if (needed.Any(index => index >= InputSchema.Count))
            needed.Add(_head.FeaturesIn(InputSchema).Index);
        return InputSchema.Where(column => needed.Contains(column.Index));
    }

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new Row(this, input, [.. activeColumns.Select(column => column.Index)]);

    private sealed class Row : DataViewRow
    {
        private readonly CertifiedRowMapper _mapper;
        private readonly DataViewRow _input;
        private readonly HashSet<int> _active;
        private readonly FeatureRows _features;
        private readonly Func<bool>? _add;
        private CertifiedRow _row;
        private long _certified = -1;

        public Row(CertifiedRowMapper mapper, DataViewRow input, HashSet<int> active)
        {
            (_mapper, _input, _active) = (mapper, input, active);
            DataViewSchema.Column features = mapper._head.FeaturesIn(input.Schema);
            _features = FeatureRows.For(features);
            _add = active.Any(index => index >= mapper.InputSchema.Count) ? _features.AdderOf(input, features) : null;
        }

        /// <inheritdoc/>
        public override DataViewSchema Schema => _mapper.OutputSchema;

        /// <inheritdoc/>
        public override long Position => _input.Position;

        /// <inheritdoc/>
        public override long Batch => _input.Batch;

        private CertifiedRow Certified
        {
            get
            {
                if (_certified == _input.Position)
                    return _row;
                _features.Clear();
                CertifiedHeadTransformer head = _mapper._head;
                _row = _add!()
                    ? head.Certify(_features.ToMatrix(), column => _active.Contains(_mapper.InputSchema.Count + column))[0]
                    : head.Missing;
                _certified = _input.Position;
                return _row;
            }
        }

        /// <inheritdoc/>
        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        /// <inheritdoc/>
        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        /// <inheritdoc/>
        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int own = column.Index - _mapper.InputSchema.Count;
            if (own < 0)
                return _input.GetGetter<TValue>(_input.Schema[column.Index]);
            return _mapper._head.GetterOf(own, () => Certified) as ValueGetter<TValue>
                ?? throw new ArgumentException($"The column '{column.Name}' is {column.Type}, not {typeof(TValue).Name}.", nameof(column));
        }

        /// <inheritdoc/>
        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }
    }
}
