namespace CertiFlip.Features;

/// <summary>
/// A fit of <see cref="SpectralFeatures"/> by workers: one finds the space and the cells in which nearest rows are
/// sought, all seek them, and the eigenvectors are left to whoever finishes.
/// </summary>
/// <remarks>
/// Cells come from a sample, whose size grows with the square root of the number of rows: one worker finds them.
/// </remarks>
internal sealed class SpectralStages(FeatureMatrix inputs, SpectralFeaturesOptions options, ParallelOptions parallel)
    : StagedFit<IFeatureMap>(StagesOf(inputs.Rows, inputs.Columns, options))
{
    private SpectralFit? _fit;
    private int[] _nearest = [];

    /// <summary>The rows in their space twice, and once more as rough numbers; and their neighbours.</summary>
    public override long Memory =>
        inputs.Rows * (20L * Math.Min(options.Directions, inputs.Columns) + 2 * sizeof(int) * (options.Neighbours + 2L));

    private protected override void Write(int first, int count, BinaryWriter writer)
    {
        if (_fit is { } fit)
        {
            foreach (int row in fit.Search(first, count))
                writer.Write(row);
        }
        else if (count > 0)
        {
            var arrays = new ModelArrays();
            SpectralFit.Prepare(inputs, options, parallel).StoreSpace(arrays);
            arrays.Write(writer);
        }
    }

    private protected override void Read(IEnumerable<BinaryReader> parts)
    {
        if (_fit is not null)
        {
            _nearest = new int[checked(inputs.Rows * _fit.Neighbours)];
            int at = 0;
            foreach (BinaryReader part in parts)
            {
                for (; !IsOver(part); at++)
                {
                    int row = part.ReadInt32();
                    if (at == _nearest.Length || row < 0 || row >= inputs.Rows)
                        throw new InvalidDataException($"These are not the neighbours of {inputs.Rows} rows.");
                    _nearest[at] = row;
                }
            }

            if (at < _nearest.Length)
                throw new InvalidDataException($"These are not the neighbours of {inputs.Rows} rows.");
            return;
        }

        foreach (BinaryReader part in parts)
        {
            if (IsOver(part))
                continue;
            if (_fit is not null)
                throw new InvalidDataException("There are two spaces of the rows.");
            try
            {
                _fit = SpectralFit.Restore(inputs, options, ModelArrays.Read(part), parallel);
            }
            catch (Exception exception) when (
                exception is ArgumentException or FormatException or IOException and not EndOfStreamException)
            {
                throw new InvalidDataException(exception.Message, exception);
            }
        }

        if (_fit is null)
            throw new InvalidDataException("The space of the rows is missing.");
    }

    private protected override IFeatureMap Result() => _fit!.Finish(_nearest);

    private static FitStage[] StagesOf(int rows, int columns, SpectralFeaturesOptions options)
    {
        const double SecondsOfMultiplication = 4e-10, SecondsOfComparison = 3e-11;
        double directions = Math.Min(options.Directions, columns);

        // Of √n cells, some dozens are looked into.
        double compared = options.NeighbourRecall is null ? rows : 40 * Math.Sqrt(rows);
        return
        [
            new FitStage("cells", "nothing", 1, rows * (columns * (columns + directions) + 1000) * SecondsOfMultiplication),
            new FitStage("neighbours", "training-rows", rows, compared * directions * SecondsOfComparison),
        ];
    }
}
