using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features.Images;

/// <summary>
/// From images to filters: draw patches, whiten them, cluster them. A filter is a centre, of length 1, taken back
/// through the whitening.
/// </summary>
internal sealed class PatchLearning(FeatureMatrix images, PatchGrid grid, PatchFeaturesOptions options, ParallelOptions parallel)
{
    // Added to every variance before whitening, for patches of unit contrast: directions of little variance are noise
    // (Coates and Ng 2012, section 2.3).
    private const double NoiseVariance = 1;

    // Draws for each patch that is wanted: images are flat in many places.
    private const int DrawsPerSample = 20;

    public (double[] Mean, double[] Filters) Learn()
    {
        FeatureMatrix patches = Draw();
        int size = grid.Numbers;
        double[] mean = new double[size];
        for (int row = 0; row < patches.Rows; row++)
            Elementwise.Add(patches.Row(row), mean);
        Elementwise.Divide(mean, patches.Rows);

        LinearMap whitening = Whitening(patches);
        FeatureMatrix white = new(patches.Rows, size, whitening.Transform(patches, mean, parallel));
        double[] centres = KMeans.Cluster(white, Math.Min(options.Centres, patches.Rows), options.Seed, parallel);
        int count = centres.Length / size;
        double[] filters = new double[centres.Length];
        for (int centre = 0; centre < count; centre++)
        {
            Span<double> direction = centres.AsSpan(centre * size, size), filter = filters.AsSpan(centre * size, size);
            double length = Math.Sqrt(Elementwise.Dot(direction, direction));
            for (int input = 0; input < size; input++)
            {
                for (int i = 0; i < size; i++)
                    filter[input] += whitening[input, i] * direction[i];
                filter[input] /= length > 0 ? length : 1;
            }
        }

        return (mean, filters);
    }

    private FeatureMatrix Draw()
    {
        var random = new PhiloxRandom(options.Seed, 0);
        double[] values = new double[(long)options.Samples * grid.Numbers];
        int count = 0;
        for (long draw = 0; count < options.Samples && draw < (long)options.Samples * DrawsPerSample; draw++)
        {
            ReadOnlySpan<double> pixels = images.Row(random.Next(images.Rows));
            if (grid.Read(pixels, random.Next(grid.Down), random.Next(grid.Across), values.AsSpan(count * grid.Numbers, grid.Numbers)))
                count++;
        }

        return count >= 2
            ? new FeatureMatrix(count, grid.Numbers, values[..(count * grid.Numbers)])
            : throw new ArgumentException("The images have no contrast: there is no patch to learn from.", nameof(images));
    }

    /// <summary>(Σ + noise)^(−½), which is symmetric, of the patches' covariance Σ.</summary>
    private LinearMap Whitening(FeatureMatrix patches)
    {
        var scaling = ColumnScaling.OfCommonUnit(patches);
        GramMatrix gram = GramMatrix.Of(patches, scaling, parallel, KernelSet.Best);
        double unit = scaling.Scales[0], rows = patches.Rows;
        SymmetricEigen eigen = SymmetricEigen.Of(gram.Size, gram.Values, gram.Stride, parallel);
        double[] scales = [.. eigen.Values.Select(value => 1 / Math.Sqrt(Math.Max(value, 0) / rows / (unit * unit) + NoiseVariance))];
        return new LinearMap(grid.Numbers, grid.Numbers, (input, output) =>
        {
            double sum = 0;
            for (int i = 0; i < scales.Length; i++)
                sum += eigen.Vector(i)[input] * scales[i] * eigen.Vector(i)[output];
            return sum;
        });
    }
}
