using CertiFlip.Features.Images;
using CertiFlip.Features.Text;

namespace CertiFlip.Features;

/// <summary>Every feature map, by name. A new map is one more record here, and one more entry of the list.</summary>
public static class FeatureMapList
{
    private static readonly FeatureMapChoice[] Maps =
    [
        new StandardScalerChoice(),
        new NormalizerChoice(),
        new PowerNormalisationChoice(),
        new PrincipalComponentsChoice(),
        new NystroemChoice(),
        new DeskewChoice(),
        new PatchFeaturesChoice(),
        new SpectralFeaturesChoice(),
        new ConvolutionalNetworkChoice(),
        new LatentSemanticsChoice(),
        new DocumentVectorsChoice(),
        new AveragedWordVectorsChoice(),
    ];

    extension(FeatureMapChoice)
    {
        /// <summary>Every map there is, with its defaults.</summary>
        public static IReadOnlyList<FeatureMapChoice> All => Maps;

        /// <summary>Finds a map, with its defaults.</summary>
        /// <param name="name">Its name.</param>
        /// <returns>The map, or null where there is none of this name.</returns>
        public static FeatureMapChoice? TryParse(string name) => Array.Find(Maps, choice => choice.Name == name);
    }
}

/// <summary>The choice of a <see cref="StandardScaler"/>.</summary>
public sealed record StandardScalerChoice : NumberMapChoice<StandardScaler>
{
    /// <inheritdoc/>
    public override string Description => "numbers of all columns in one unit";

    /// <inheritdoc/>
    public override string Work => "taking means and deviations of columns";

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        StandardScaler.Fit(inputs);

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        StandardScaler.FitInStages(inputs, parallel);
}

/// <summary>The choice of a <see cref="Normalizer"/>.</summary>
public sealed record NormalizerChoice : NumberMapChoice<Normalizer>
{
    /// <inheritdoc/>
    public override string Description => "rows of length 1";

    /// <inheritdoc/>
    public override string Work => "bringing rows to length 1";

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new Normalizer(inputs.Columns);
    }

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("nothing is fitted: each row is brought to length 1 by itself.");
}

/// <summary>The choice of <see cref="PowerNormalisation"/>.</summary>
public sealed record PowerNormalisationChoice : NumberMapChoice<PowerNormalisation>
{
    /// <summary>p, above 0 and below 1.</summary>
    public double Power { get; init; } = PowerNormalisation.UsualPower;

    /// <inheritdoc/>
    public override string Description => "square roots of numbers' sizes, with their signs";

    /// <inheritdoc/>
    public override string Work => "taking powers of numbers";

    /// <inheritdoc/>
    public override FeatureMapChoice WithPower(double power) => this with { Power = power };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return new PowerNormalisation(inputs.Columns, Power);
    }

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("nothing is fitted: each number becomes its power by itself.");
}

/// <summary>The choice of <see cref="PrincipalComponents"/>.</summary>
public sealed record PrincipalComponentsChoice : NumberMapChoice<PrincipalComponents>
{
    /// <summary>All that is chosen.</summary>
    public PrincipalComponentsOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Description => "directions in which numbers vary most";

    /// <inheritdoc/>
    public override int? Components => Options.Components;

    /// <inheritdoc/>
    public override string Work => $"finding {Options.Components} principal components";

    /// <inheritdoc/>
    public override FeatureMapChoice WithComponents(int components) => this with { Options = Options with { Components = components } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithWhitening(double whitening) => this with { Options = Options with { Whitening = whitening } };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        PrincipalComponents.Fit(inputs, Options, parallel);

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        PrincipalComponents.FitInStages(inputs, Options, parallel);
}

/// <summary>The choice of <see cref="Nystroem"/>.</summary>
public sealed record NystroemChoice : NumberMapChoice<Nystroem>
{
    /// <summary>All that is chosen.</summary>
    public NystroemOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Description => "similarities by a Gaussian kernel with rows drawn at random";

    /// <inheritdoc/>
    public override int? Components => Options.Components;

    /// <inheritdoc/>
    public override string Work => $"drawing {Options.Components} landmarks";

    /// <inheritdoc/>
    public override int MostComponents => Nystroem.MostLandmarks;

    /// <inheritdoc/>
    public override FeatureMapChoice? WithComponents(int components) =>
        components <= MostComponents ? this with { Options = Options with { Components = components } } : null;

    /// <inheritdoc/>
    public override FeatureMapChoice WithGamma(double gamma) => this with { Options = Options with { Gamma = gamma } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithSeed(ulong seed) => this with { Options = Options with { Seed = seed } };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        Nystroem.Fit(inputs, Options, parallel);

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("landmarks are as many rows, drawn at random, however many rows there are.");
}

/// <summary>The choice of <see cref="Deskew"/>.</summary>
public sealed record DeskewChoice : NumberMapChoice<Deskew>
{
    /// <inheritdoc/>
    public override string Description => "images moved to the middle, and upright";

    /// <inheritdoc/>
    public override bool TakesImages => true;

    /// <inheritdoc/>
    public override string Work => "looking at the shape of images";

    /// <inheritdoc/>
    public override FeatureMapChoice WithImage(ImageShape image) => this with { Image = image };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var map = new Deskew(Image ?? throw new InvalidOperationException("The shape of images is missing."));
        return inputs.Columns == map.Inputs
            ? map
            : throw new ArgumentException($"Images have {map.Inputs} numbers, but rows have {inputs.Columns}.", nameof(inputs));
    }

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("nothing is fitted: each image is made upright by itself.");
}

/// <summary>The choice of <see cref="PatchFeatures"/>.</summary>
public sealed record PatchFeaturesChoice : NumberMapChoice<PatchFeatures>
{
    /// <summary>All that is chosen but for the shape of images.</summary>
    public PatchFeaturesOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Description => "kinds of patch in images, learned without labels";

    /// <inheritdoc/>
    public override int? Components => Options.Centres;

    /// <inheritdoc/>
    public override bool TakesImages => true;

    /// <inheritdoc/>
    public override string Work => $"finding {Options.Centres} kinds of patch";

    /// <inheritdoc/>
    public override FeatureMapChoice WithComponents(int components) => this with { Options = Options with { Centres = components } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithFlatVariance(double variance) =>
        this with { Options = Options with { FlatVariance = variance } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithPatchSize(int pixels) => this with { Options = Options with { PatchSize = pixels } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithImage(ImageShape image) => this with { Image = image };

    /// <inheritdoc/>
    public override FeatureMapChoice WithSeed(ulong seed) => this with { Options = Options with { Seed = seed } };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        PatchFeatures.Fit(inputs, Image ?? throw new InvalidOperationException("The shape of images is missing."), Options, parallel);

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("kinds of patch are learned from as many patches, drawn at random, however many images there are.");
}

/// <summary>The choice of <see cref="SpectralFeatures"/>.</summary>
public sealed record SpectralFeaturesChoice : NumberMapChoice<SpectralFeatures>
{
    /// <summary>All that is chosen.</summary>
    public SpectralFeaturesOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Description => "clusters of numbers by their nearest neighbours";

    /// <inheritdoc/>
    public override int? Components => Options.Components;

    /// <inheritdoc/>
    public override string Work => $"linking each row to its {Options.Neighbours} nearest";

    /// <inheritdoc/>
    public override FeatureMapChoice WithComponents(int components) => this with { Options = Options with { Components = components } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithNeighbours(int neighbours) => this with { Options = Options with { Neighbours = neighbours } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithNeighbourRecall(double recall) =>
        this with { Options = Options with { NeighbourRecall = recall } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithWhitening(double whitening) => this with { Options = Options with { Whitening = whitening } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithEdges(NeighbourEdges edges) => this with { Options = Options with { Edges = edges } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithDiffusion(double? steps) => this with { Options = Options with { Diffusion = steps } };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null)
    {
        var fit = SpectralFit.Prepare(inputs, Options, parallel);
        return fit.Finish(fit.Search(0, inputs.Rows));
    }

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        new SpectralStages(inputs, Options, parallel ?? new ParallelOptions());
}

/// <summary>The choice of a <see cref="ConvolutionalNetwork"/>, which is trained on labels.</summary>
public sealed record ConvolutionalNetworkChoice : NumberMapChoice<ConvolutionalNetwork>
{
    /// <summary>All that is chosen but for the shape of images.</summary>
    public ConvolutionalNetworkOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Description => "a network trained on labelled images of other classes than those to defend";

    /// <inheritdoc/>
    public override bool DependsOnLabels => true;

    /// <inheritdoc/>
    public override int? Components => Options.Features;

    /// <inheritdoc/>
    public override bool TakesImages => true;

    /// <inheritdoc/>
    public override string Work => "training a convolutional network";

    /// <inheritdoc/>
    public override int Steps(int rows) => StepsOf(rows, Options.Epochs);

    /// <inheritdoc/>
    public override FeatureMapChoice WithComponents(int components) => this with { Options = Options with { Features = components } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithImage(ImageShape image) => this with { Image = image };

    /// <inheritdoc/>
    public override FeatureMapChoice WithEpochs(int epochs) => this with { Options = Options with { Epochs = epochs } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithSeed(ulong seed) => this with { Options = Options with { Seed = seed } };

    /// <inheritdoc/>
    public override IFeatureMap Fit(FeatureMatrix inputs, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        ConvolutionalNetwork.Fit(
            inputs,
            Image ?? throw new InvalidOperationException("The shape of images is missing."),
            Labels ?? throw new InvalidOperationException("The labels to train on are missing."),
            Options,
            progress,
            parallel);

    /// <inheritdoc/>
    public override StagedFit<IFeatureMap> FitInStages(FeatureMatrix inputs, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("each step of a network's training starts from the weights that the step before left.");
}

/// <summary>The choice of <see cref="LatentSemantics"/>.</summary>
public sealed record LatentSemanticsChoice : TextMapChoice
{
    /// <summary>All that is chosen.</summary>
    public LatentSemanticsOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Name => LatentSemantics.Kind;

    /// <inheritdoc/>
    public override string Description => "singular vectors of the words of texts";

    /// <inheritdoc/>
    public override int? Components => Options.Components;

    /// <inheritdoc/>
    public override string Work => $"finding {Options.Components} singular vectors";

    /// <inheritdoc/>
    public override FeatureMapChoice WithComponents(int components) => this with { Options = Options with { Components = components } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithTermWeights(TermWeighting weighting) =>
        this with { Options = Options with { Terms = Options.Terms with { Weighting = weighting } } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithSeed(ulong seed) => this with { Options = Options with { Seed = seed } };

    /// <inheritdoc/>
    public override ITextFeatureMap Fit(IReadOnlyList<string> texts, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        LatentSemantics.Fit(texts, Options, parallel);

    /// <inheritdoc/>
    public override StagedFit<ITextFeatureMap> FitInStages(IReadOnlyList<string> texts, ParallelOptions? parallel = null) =>
        new LatentSemanticsStages(texts, Options, parallel ?? new ParallelOptions());

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays, ITextFeatureMap map) => Own<LatentSemantics>(map).Store(arrays);

    /// <inheritdoc/>
    public override ITextFeatureMap Restore(ModelArrays arrays) => LatentSemantics.Restore(arrays);
}

/// <summary>The choice of <see cref="DocumentVectors"/>.</summary>
public sealed record DocumentVectorsChoice : TextMapChoice
{
    /// <summary>All that is chosen.</summary>
    public DocumentVectorsOptions Options { get; init; } = new();

    /// <inheritdoc/>
    public override string Name => DocumentVectors.Kind;

    /// <inheritdoc/>
    public override string Description => "means of word vectors, learned from the texts without labels";

    /// <inheritdoc/>
    public override int? Components => Options.Components;

    /// <inheritdoc/>
    public override string Work => $"learning vectors of {Options.Components} numbers";

    /// <inheritdoc/>
    public override int Steps(int texts) => StepsOf(texts, Options.Epochs);

    /// <inheritdoc/>
    public override FeatureMapChoice WithComponents(int components) => this with { Options = Options with { Components = components } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithEpochs(int epochs) => this with { Options = Options with { Epochs = epochs } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithTermWeights(TermWeighting weighting) =>
        this with { Options = Options with { Terms = Options.Terms with { Weighting = weighting } } };

    /// <inheritdoc/>
    public override FeatureMapChoice WithSeed(ulong seed) => this with { Options = Options with { Seed = seed } };

    /// <inheritdoc/>
    public override ITextFeatureMap Fit(IReadOnlyList<string> texts, IProgress<int>? progress = null, ParallelOptions? parallel = null) =>
        DocumentVectors.Fit(texts, Options, progress, parallel);

    /// <inheritdoc/>
    public override StagedFit<ITextFeatureMap> FitInStages(IReadOnlyList<string> texts, ParallelOptions? parallel = null) =>
        throw new NotSupportedException("each step of learning starts from the vectors that the step before left.");

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays, ITextFeatureMap map) => Own<DocumentVectors>(map).Store(arrays);

    /// <inheritdoc/>
    public override ITextFeatureMap Restore(ModelArrays arrays) => DocumentVectors.Restore(arrays);
}

/// <summary>The choice of <see cref="AveragedWordVectors"/>.</summary>
public sealed record AveragedWordVectorsChoice : WordVectorMapChoice
{
    /// <inheritdoc/>
    public override string Name => AveragedWordVectors.Kind;

    /// <inheritdoc/>
    public override string Description => "the mean of a text's word vectors, which were learned elsewhere";

    /// <inheritdoc/>
    public override ITextFeatureMap Fit(WordVectors vectors) => new AveragedWordVectors(vectors);

    /// <inheritdoc/>
    public override void Store(ModelArrays arrays, ITextFeatureMap map) => Own<AveragedWordVectors>(map).Store(arrays);

    /// <inheritdoc/>
    public override ITextFeatureMap Restore(ModelArrays arrays) => AveragedWordVectors.Restore(arrays);
}
