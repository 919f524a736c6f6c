using CertiFlip.Kernels;
using CertiFlip.Matrices;

namespace CertiFlip.Features.Images;

/// <summary>
/// What kinds of patch an image has, and where, learned from unlabelled images (Coates and Ng, "Learning feature
/// representations with k-means", 2012): patches are whitened and clustered; how much each patch of an image is like
/// each centre, beyond a threshold, is averaged over regions of the image. The feature is the square root of that.
/// </summary>
/// <remarks>No label is asked for anywhere.</remarks>
public sealed class PatchFeatures : IFeatureMap, IStorable<PatchFeatures>
{
    // How like a centre, in standard deviations along it, a patch must be to count.
    private const double Threshold = 1;

    // Of a vector of length 1, with room for rounding.
    private const double Longest = 1 + 1e-6;

    // What was added to every patch's variance before it was a choice: files and callers that state none mean this.
    private const double EarlierFlatVariance = 0.1;

    private const string StoredFlatVariance = "flat variance";

    private readonly PatchGrid _grid;
    private readonly double[] _filters;
    private readonly double[] _mean;
    private readonly LinearMap _map;

    // As many numbers as an image has, which a file of few bytes can say is huge: not made before a row comes.
    private readonly Lazy<int[]> _places;
    private readonly Lazy<double[]> _patches;
    private readonly bool _skipsFlat;

    /// <summary>A map that was fitted before, with a <see cref="FlatVariance"/> of 0.1.</summary>
    /// <inheritdoc cref="PatchFeatures(ImageShape, int, int, IReadOnlyList{double}, IReadOnlyList{double}, double)"/>
    public PatchFeatures(ImageShape image, int patchSize, int regions, IReadOnlyList<double> mean, IReadOnlyList<double> filters)
        : this(image, patchSize, regions, mean, filters, EarlierFlatVariance)
    {
    }

    /// <summary>A map that was fitted before.</summary>
    /// <param name="image">The shape of images.</param>
    /// <param name="patchSize">Pixels of a patch's side.</param>
    /// <param name="regions">Regions down and across.</param>
    /// <param name="mean">The mean patch.</param>
    /// <param name="filters">One filter for each centre, as long as a patch, one after another.</param>
    /// <param name="flatVariance">
    /// Added to the variance of each patch (<see cref="PatchFeaturesOptions.FlatVariance"/>).
    /// </param>
    /// <exception cref="ArgumentException">
    /// The sizes do not fit together, or a number cannot be what it stands for.
    /// </exception>
    public PatchFeatures(
        ImageShape image, int patchSize, int regions, IReadOnlyList<double> mean, IReadOnlyList<double> filters, double flatVariance)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(filters);
        if (patchSize < 2 || regions < 1 || image.Channels < 1 || Math.Min(image.Height, image.Width) - patchSize + 1 < regions)
        {
            throw new ArgumentException(
                $"Images of {image.Height} × {image.Width} pixels are too small for patches of {patchSize} × {patchSize} "
                + $"in {regions} × {regions} regions.",
                nameof(image));
        }

        if (!PatchFeaturesOptions.IsFlatVariance(flatVariance))
            throw new ArgumentException("The variance of flat patches is not a number from 0.000001 on.", nameof(flatVariance));
        _grid = new PatchGrid(image, patchSize, flatVariance);
        if (mean.Count == 0 || mean.Count != _grid.Numbers || filters.Count == 0 || filters.Count % _grid.Numbers != 0)
            throw new ArgumentException($"Patches of {_grid.Numbers} numbers need a mean and filters of that length.", nameof(filters));
        double largest = Math.Sqrt(_grid.Numbers) * Longest; // Patches have a variance of at most 1.
        if (!mean.All(number => Math.Abs(number) <= largest))
            throw new ArgumentException($"A number of the mean patch is not from {-largest:R} to {largest:R}.", nameof(mean));
        if (!filters.All(number => Math.Abs(number) <= Longest))
            throw new ArgumentException("A number of a filter is not from -1 to 1.", nameof(filters));
        if ((long)image.Channels * image.Height * image.Width > int.MaxValue
            || (long)(filters.Count / _grid.Numbers) * regions * regions > int.MaxValue)
        {
            throw new ArgumentException(
                $"Images of {image.Height} × {image.Width} pixels in {regions} × {regions} regions have more numbers than a row can hold.",
                nameof(image));
        }

        (Image, PatchSize, Regions, Centres) = (image, patchSize, regions, filters.Count / _grid.Numbers);
        FlatVariance = flatVariance;
        (_mean, _filters) = ([.. mean], [.. filters]);
        _map = new LinearMap(_grid.Numbers, Centres, (input, centre) => _filters[centre * _grid.Numbers + input]);
        (_places, _patches) = (new Lazy<int[]>(Places), new Lazy<double[]>(PatchesOfRegions));
        _skipsFlat = FlatAddsNothing();
    }

    /// <summary>The shape of images.</summary>
    public ImageShape Image { get; }

    /// <summary>Pixels of a patch's side.</summary>
    public int PatchSize { get; }

    /// <summary>Regions down and across.</summary>
    public int Regions { get; }

    /// <summary>Kinds of patch.</summary>
    public int Centres { get; }

    /// <summary>Added to the variance of each patch (<see cref="PatchFeaturesOptions.FlatVariance"/>).</summary>
    public double FlatVariance { get; }

    /// <summary>The mean patch.</summary>
    public IReadOnlyList<double> Mean => _mean;

    /// <summary>One filter for each centre, one after another.</summary>
    public IReadOnlyList<double> Filters => _filters;

    /// <inheritdoc/>
    public int Inputs => Image.Numbers;

    /// <inheritdoc/>
    public int Features => Centres * Regions * Regions;

    /// <summary>False.</summary>
    public bool DependsOnLabels => false;

    /// <summary>Learns the kinds of patch from unlabelled images.</summary>
    /// <param name="images">n images, one a row, with numbers of the order of 1.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the map does not depend on it.</param>
    /// <exception cref="ArgumentException">
    /// Rows and shape do not fit together, images are too small, or they have no contrast.
    /// </exception>
    public static PatchFeatures Fit(
        FeatureMatrix images, ImageShape shape, PatchFeaturesOptions? options = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(shape);
        options ??= new PatchFeaturesOptions();
        if (images.Columns != shape.Numbers)
        {
            throw new ArgumentException(
                $"Images of {shape.Height} × {shape.Width} pixels with {shape.Channels} channels have {shape.Numbers} numbers, "
                + $"but rows have {images.Columns}.",
                nameof(shape));
        }

        if (Math.Min(shape.Height, shape.Width) - options.PatchSize + 1 < options.Regions)
        {
            throw new ArgumentException(
                $"Images of {shape.Height} × {shape.Width} pixels are too small for patches of {options.PatchSize} × {options.PatchSize} "
                + $"in {options.Regions} × {options.Regions} regions.",
                nameof(shape));
        }

        var grid = new PatchGrid(shape, options.PatchSize, options.FlatVariance);
        (double[] mean, double[] filters) = new PatchLearning(images, grid, options, parallel ?? new ParallelOptions()).Learn();
        return new PatchFeatures(shape, options.PatchSize, options.Regions, mean, filters, options.FlatVariance);
    }

    /// <inheritdoc/>
    public static string Kind => "patches";

    /// <inheritdoc/>
    public static PatchFeatures Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        return arrays.Integers("image") is [var height, var width, var channels]
            && arrays.Integers("patch size and regions") is [var size, var regions]
            ? new PatchFeatures(
                new ImageShape(height, width, channels), size, regions, arrays.Doubles("mean"), arrays.Doubles("filters"),
                arrays.All.ContainsKey(StoredFlatVariance) ? arrays.Doubles(StoredFlatVariance).Single() : EarlierFlatVariance)
            : throw new ArgumentException("The shape of images, patches and regions is not there.", nameof(arrays));
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("image", [Image.Height, Image.Width, Image.Channels]);
        arrays.Add("patch size and regions", [PatchSize, Regions]);
        arrays.Add("mean", [.. Mean]);
        arrays.Add("filters", [.. Filters]);
        if (FlatVariance != EarlierFlatVariance)
            arrays.Add(StoredFlatVariance, [FlatVariance]);
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(FeatureMatrix inputs, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Columns != Inputs)
            throw new ArgumentException($"The map takes {Inputs} numbers an image, but there are {inputs.Columns}.", nameof(inputs));
        double[] features = new double[checked((long)inputs.Rows * Features)];
        parallel ??= new ParallelOptions();
        int sums = (Regions * Regions + 1) * _map.Stride;
        Parallel.For(0, inputs.Rows, parallel, () => new Workspace(_grid, Inputs, sums), (row, _, workspace) =>
        {
            inputs.CopyRow(row, workspace.Pixels);
            Describe(features.AsSpan(checked(row * Features), Features), workspace);
            return workspace;
        }, static _ => { });
        return new FeatureMatrix(inputs.Rows, Features, features);
    }

    private void Describe(Span<double> features, Workspace workspace)
    {
        workspace.Sums.AsSpan().Clear();
        for (int row = 0; row < _grid.Down; row += workspace.Rows)
            AddRows(row, Math.Min(workspace.Rows, _grid.Down - row), workspace);
        for (int region = 0; region < Regions * Regions; region++)
        {
            ReadOnlySpan<double> sums = workspace.Sums.AsSpan(region * _map.Stride, Centres);
            Span<double> own = features.Slice(region * Centres, Centres);
            for (int centre = 0; centre < own.Length; centre++)
                own[centre] = Math.Sqrt(sums[centre] / _patches.Value[region]);
        }
    }

    private void AddRows(int first, int rows, Workspace workspace)
    {
        int patches = rows * _grid.Across, groups = 0;
        _grid.ReadRows(workspace.Pixels, first, rows, _mean, workspace.Stride, workspace.Patches, workspace.Flats);
        _places.Value.AsSpan(first * _grid.Across, patches).CopyTo(workspace.Places);
        workspace.Places.AsSpan(patches).Fill(Regions * Regions * _map.Stride); // What fills up a group counts nowhere.
        for (int patch = 0; patch < patches; patch += Tile.PoolHeight)
        {
            int last = Math.Min(patch + Tile.PoolHeight, patches);
            if (!_skipsFlat || workspace.Flats.AsSpan(patch..last).ContainsAnyExcept(0.0))
                workspace.Groups[groups++] = patch;
        }

        _map.AddBeyond(
            workspace.Patches, workspace.Stride, workspace.Groups.AsSpan(0, groups), workspace.Places, Threshold, workspace.Sums);
    }

    /// <summary>Where the sums of each patch's region begin.</summary>
    private int[] Places()
    {
        int[] places = new int[_grid.Count];
        for (int patch = 0; patch < places.Length; patch++)
        {
            int down = RegionOf(patch / _grid.Across, _grid.Down), across = RegionOf(patch % _grid.Across, _grid.Across);
            places[patch] = (down * Regions + across) * _map.Stride;
        }

        return places;
    }

    /// <summary>Patches of each region.</summary>
    private double[] PatchesOfRegions()
    {
        double[] patches = new double[Regions * Regions];
        for (int patch = 0; patch < _grid.Count; patch++)
            patches[_places.Value[patch] / _map.Stride]++;
        return patches;
    }

    /// <summary>The region r with r·length/R ≤ index &lt; (r + 1)·length/R, rounded down.</summary>
    private int RegionOf(int index, int length) => (int)((((long)index + 1) * Regions - 1) / length);

    /// <summary>Whether a patch without any contrast is like no centre, so that it adds nothing.</summary>
    private bool FlatAddsNothing()
    {
        double[] columns = new double[_grid.Numbers * Tile.Height], products = new double[Tile.Height * _map.Stride];
        for (int i = 0; i < _mean.Length; i++)
            columns[i * Tile.Height] = -_mean[i];
        _map.Multiply(columns, products);
        return !products.AsSpan(0, Centres).ContainsAnyInRange(Threshold, double.PositiveInfinity);
    }

    /// <summary>
    /// What one thread at a time works in: an image, the patches of some rows side by side, and what they add up to.
    /// </summary>
    private sealed class Workspace
    {
        // Patches that stay in the cache from reading to the last product, in few pages of memory.
        private const int MostPatches = 128;

        public Workspace(PatchGrid grid, int pixels, int sums)
        {
            Rows = Math.Clamp(MostPatches / grid.Across, 1, grid.Down);

            // An odd number of cache lines, so that the numbers of a patch are not all in the same set of the cache.
            int groups = (Rows * grid.Across + Tile.PoolHeight - 1) / Tile.PoolHeight;
            Stride = (groups | 1) * Tile.PoolHeight;
            (Pixels, Sums) = (new double[pixels], new double[sums]);
            Patches = new double[(long)grid.Numbers * Stride];
            (Flats, Places, Groups) = (new double[Stride], new int[Stride], new int[groups]);
        }

        public int Rows { get; }

        public int Stride { get; }

        public double[] Pixels { get; }

        public double[] Patches { get; }

        public double[] Flats { get; }

        public int[] Places { get; }

        public int[] Groups { get; }

        public double[] Sums { get; }
    }
}
