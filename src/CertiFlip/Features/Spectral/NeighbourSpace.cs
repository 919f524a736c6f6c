namespace CertiFlip.Features.Spectral;

/// <summary>
/// Where neighbours are sought: principal components, half whitened, each divided by the square root of its standard deviation, and rows brought to length 1, so that the nearest row is the one with the largest
/// cosine. Whole whitening would listen to noise as much as to what rows have in common, none to the first few components alone.
/// </summary>
internal sealed class NeighbourSpace
{
    private readonly double[] _scales;

    public NeighbourSpace(PrincipalComponents components)
    {
        Components = components;
        _scales = [.. components.Variances.Select(variance => Math.Pow(variance, -0.25))];
    }

    public PrincipalComponents Components { get; }

    public FeatureMatrix Place(FeatureMatrix inputs, ParallelOptions parallel)
    {
        FeatureMatrix projected = Components.Transform(inputs, parallel);
        int k = projected.Columns;
        double[] values = projected.First(projected.Rows);
        Parallel.For(0, projected.Rows, parallel, row =>
        {
            Span<double> place = values.AsSpan(row * k, k);
            double squares = 0;
            for (int i = 0; i < k; i++)
            {
                place[i] *= _scales[i];
                squares += place[i] * place[i];
            }

            if (squares > 0)
            {
                foreach (ref double value in place)
                    value /= Math.Sqrt(squares);
            }
        });
        return new FeatureMatrix(projected.Rows, k, values);
    }
}
