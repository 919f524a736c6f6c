using System.Globalization;
using CertiFlip.Features.Images;
using CertiFlip.Features.Text;

namespace CertiFlip.Features;

/// <summary>
/// A feature map before it is fitted: which one, and all that is chosen about it. It is a
/// <see cref="NumberMapChoice"/>, a <see cref="TextMapChoice"/> or a <see cref="WordVectorMapChoice"/>, by what it is
/// fitted to; <see cref="FeatureMapList"/> lists all.
/// </summary>
public abstract record FeatureMapChoice
{
    private protected FeatureMapChoice()
    {
    }

    /// <summary>The name on the command line and in model files, such as <c>spectral</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What the map does, in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>Whether the map is trained on labels, which must be trusted.</summary>
    public virtual bool DependsOnLabels => false;

    /// <summary>How many features, or kinds of patch, the map makes; null where that is no choice.</summary>
    public virtual int? Components => null;

    /// <summary>The most features that can be asked for.</summary>
    public virtual int MostComponents => int.MaxValue;

    /// <summary>Whether rows are images, so that the map needs to know their shape.</summary>
    public virtual bool TakesImages => false;

    /// <summary>The shape of images, where rows are images and it was given.</summary>
    public ImageShape? Image { get; private protected init; }

    /// <summary>The map with so many features, or null where that is no choice, or more than it can have.</summary>
    /// <param name="components">How many, at least 1.</param>
    public virtual FeatureMapChoice? WithComponents(int components) => null;

    /// <summary>The map with so many neighbours of each row, or null where it has none.</summary>
    /// <param name="neighbours">How many, at least 1.</param>
    public virtual FeatureMapChoice? WithNeighbours(int neighbours) => null;

    /// <summary>The map that finds this part of the true neighbours, or null where it has none.</summary>
    /// <param name="recall">Above 0 and below 1.</param>
    public virtual FeatureMapChoice? WithNeighbourRecall(double recall) => null;

    /// <summary>The map whose directions are whitened so far, or null where it has none.</summary>
    /// <param name="whitening">From 0, not at all, to 1.</param>
    public virtual FeatureMapChoice? WithWhitening(double whitening) => null;

    /// <summary>The map with this power of numbers, or null where it has none.</summary>
    /// <param name="power">Above 0 and below 1.</param>
    public virtual FeatureMapChoice? WithPower(double power) => null;

    /// <summary>The map whose kernel falls so fast, or null where it has none.</summary>
    /// <param name="gamma">γ, positive and finite.</param>
    public virtual FeatureMapChoice? WithGamma(double gamma) => null;

    /// <summary>The map with these edges between neighbours, or null where it has none.</summary>
    /// <param name="edges">What they weigh.</param>
    public virtual FeatureMapChoice? WithEdges(NeighbourEdges edges) => null;

    /// <summary>The map after so many steps of its walk, or null where it has none.</summary>
    /// <param name="steps">At least 0; null for as many as fit its eigenvalues.</param>
    public virtual FeatureMapChoice? WithDiffusion(double? steps) => null;

    /// <summary>The map with patches of this size, or null where it has none.</summary>
    /// <param name="pixels">Pixels of a patch's side, at least 2.</param>
    public virtual FeatureMapChoice? WithPatchSize(int pixels) => null;

    /// <summary>The map whose patches of less variance than this count as flat, or null where it has none.</summary>
    /// <param name="variance">Added to every patch's variance, at least 10⁻⁶.</param>
    public virtual FeatureMapChoice? WithFlatVariance(double variance) => null;

    /// <summary>The map of images of this shape, or null where rows are no images.</summary>
    /// <param name="image">The shape.</param>
    public virtual FeatureMapChoice? WithImage(ImageShape image) => null;

    /// <summary>The map trained for so many epochs, or null where it is not.</summary>
    /// <param name="epochs">Passes over the training data, at least 1.</param>
    public virtual FeatureMapChoice? WithEpochs(int epochs) => null;

    /// <summary>The map whose terms weigh this, or null where it counts none.</summary>
    /// <param name="weighting">What they weigh.</param>
    public virtual FeatureMapChoice? WithTermWeights(TermWeighting weighting) => null;

    /// <summary>The map with this seed, or null where nothing is random.</summary>
    /// <param name="seed">What everything random follows from.</param>
    public virtual FeatureMapChoice? WithSeed(ulong seed) => null;

    /// <summary>
    /// Steps of passes over rows, for a progress that counts in int: more than that are as many as it can count.
    /// </summary>
    private protected static int StepsOf(int rows, int passes) => (int)Math.Min((long)rows * passes, int.MaxValue);

    /// <summary>
    /// The map with an option by its name on the command line, or null where it has none of that name and value.
    /// </summary>
    /// <param name="name">
    /// components, neighbours, patch-size, flat-variance, power, whitening, gamma, edges (either, mutual or scaled),
    /// diffusion, term-weights (logarithm, root or presence), epochs or seed.
    /// </param>
    /// <param name="value">The value as written.</param>
    public FeatureMapChoice? WithOption(string name, string value)
    {
        bool isCount = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0;
        bool isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        return name switch
        {
            "components" when isCount => WithComponents(count),
            "neighbours" when isCount => WithNeighbours(count),
            "patch-size" when isCount && count >= 2 => WithPatchSize(count),
            "power" when isNumber && number is > 0 and < 1 => WithPower(number),
            "gamma" when isNumber && NystroemOptions.IsGamma(number) => WithGamma(number),
            "flat-variance" when isNumber && PatchFeaturesOptions.IsFlatVariance(number) => WithFlatVariance(number),
            "whitening" when isNumber && number is >= 0 and <= 1 => WithWhitening(number),
            "edges" when value == "either" => WithEdges(NeighbourEdges.Either),
            "edges" when value == "mutual" => WithEdges(NeighbourEdges.Mutual),
            "edges" when value == "scaled" => WithEdges(NeighbourEdges.Scaled),
            "diffusion" when value == "auto" => WithDiffusion(null),
            "diffusion" when isNumber && number is >= 0 and <= 1e9 => WithDiffusion(number),
            "term-weights" when value == "logarithm" => WithTermWeights(TermWeighting.Logarithm),
            "term-weights" when value == "root" => WithTermWeights(TermWeighting.Root),
            "term-weights" when value == "presence" => WithTermWeights(TermWeighting.Presence),
            "epochs" when isCount => WithEpochs(count),
            "seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) => WithSeed(seed),
            _ => null,
        };
    }

    /// <summary>A fitted map as the kind that this choice makes.</summary>
    private protected T Own<T>(object map)
        where T : class =>
        map as T ?? throw new ArgumentException($"This is no map of the kind {Name}.", nameof(map));
}

/// <summary>The choice of a map of rows of numbers, which may be images.</summary>
public abstract record NumberMapChoice : FeatureMapChoice
{
    private protected NumberMapChoice()
    {
    }

    /// <summary>What a fit does, for those who wait: "finding 50 principal components".</summary>
    public abstract string Work { get; }

    /// <summary>The trusted labels that the map is trained on, where it depends on labels.</summary>
    public ClassLabels? Labels { get; init; }

    /// <summary>What a fit to so many rows reports to its progress in all; 0 where it reports nothing.</summary>
    /// <param name="rows">How many rows.</param>
    public virtual int Steps(int rows) => 0;

    /// <summary>Fits the map.</summary>
    /// <param name="inputs">n rows of numbers.</param>
    /// <param name="progress">Is told how many more of its <see cref="Steps"/> are done.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the map does not depend on it.</param>
    /// <exception cref="ArgumentException">The rows are too few, or do not fit the options.</exception>
    /// <exception cref="ArithmeticException">The map cannot be computed from such numbers.</exception>
    /// <exception cref="InvalidOperationException">Labels or the shape of images are needed, and missing.</exception>
    public abstract IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null);

    /// <summary>A fit of the map that workers can share. It gives the same bits.</summary>
    /// <param name="inputs">n rows of numbers, of which a worker looks at those of its part alone where it can.</param>
    /// <param name="parallel">How many threads may be used by one worker, and when to stop.</param>
    /// <exception cref="NotSupportedException">The map is not fitted in stages; the message says why.</exception>
    /// <exception cref="ArgumentException">The rows are too few, or do not fit the options.</exception>
    public abstract StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null);

    /// <summary>Stores a fitted map.</summary>
    /// <param name="arrays">Receives it.</param>
    /// <param name="map">The map.</param>
    /// <exception cref="ArgumentException"><paramref name="map"/> is another kind of map.</exception>
    public abstract void Store(ModelArrays arrays, IFeatureMap map);

    /// <summary>Restores a fitted map: it maps to the same bits.</summary>
    /// <param name="arrays">What <see cref="Store"/> made.</param>
    /// <exception cref="ArgumentException">Something is missing, or does not fit together.</exception>
    public abstract IFeatureMap Restore(ModelArrays arrays);
}

/// <inheritdoc/>
/// <typeparam name="TMap">The map.</typeparam>
public abstract record NumberMapChoice<TMap> : NumberMapChoice
    where TMap : class, IFeatureMap, IStorable<TMap>
{
    private protected NumberMapChoice()
    {
    }

    /// <inheritdoc/>
    public sealed override string Name => TMap.Kind;

    /// <inheritdoc/>
    public sealed override void Store(ModelArrays arrays, IFeatureMap map) => Own<TMap>(map).Store(arrays);

    /// <inheritdoc/>
    public sealed override IFeatureMap Restore(ModelArrays arrays) => TMap.Restore(arrays);
}

/// <summary>The choice of a map of texts that is fitted to texts.</summary>
public abstract record TextMapChoice : FeatureMapChoice
{
    private protected TextMapChoice()
    {
    }

    /// <inheritdoc cref="NumberMapChoice.Work"/>
    public abstract string Work { get; }

    /// <summary>What a fit to so many texts reports to its progress in all; 0 where it reports nothing.</summary>
    /// <param name="texts">How many texts.</param>
    public virtual int Steps(int texts) => 0;

    /// <summary>Fits the map.</summary>
    /// <param name="texts">n texts.</param>
    /// <param name="progress">Is told how many more of its <see cref="Steps"/> are done.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the map does not depend on it.</param>
    /// <exception cref="ArgumentException">There is no word in any text.</exception>
    public abstract ITextFeatureMap Fit(IReadOnlyList<string> texts, IProgress<int>? progress = null, ParallelOptions? parallel = null);

    /// <summary>A fit of the map that workers can share. It gives the same bits.</summary>
    /// <param name="texts">n texts, of which a worker looks at its blocks alone.</param>
    /// <param name="parallel">How many threads may be used by one worker, and when to stop.</param>
    public abstract StagedFit<ITextFeatureMap> FitInStages(IReadOnlyList<string> texts, ParallelOptions? parallel = null);

    /// <inheritdoc cref="NumberMapChoice.Store"/>
    public abstract void Store(ModelArrays arrays, ITextFeatureMap map);

    /// <inheritdoc cref="NumberMapChoice.Restore"/>
    public abstract ITextFeatureMap Restore(ModelArrays arrays);
}

/// <summary>The choice of a map of texts that is made from vectors of words.</summary>
public abstract record WordVectorMapChoice : FeatureMapChoice
{
    private protected WordVectorMapChoice()
    {
    }

    /// <summary>Makes the map.</summary>
    /// <param name="vectors">The vectors. They must not have been learned from the labels being defended.</param>
    public abstract ITextFeatureMap Fit(WordVectors vectors);

    /// <inheritdoc cref="NumberMapChoice.Store"/>
    public abstract void Store(ModelArrays arrays, ITextFeatureMap map);

    /// <inheritdoc cref="NumberMapChoice.Restore"/>
    public abstract ITextFeatureMap Restore(ModelArrays arrays);
}
