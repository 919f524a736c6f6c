using CertiFlip.Features;
using CertiFlip.Features.Text;

namespace CertiFlip.Tests.Features;

/// <summary>Feature maps by name.</summary>
public class FeatureMapChoiceTests
{
    private static readonly ImageShape Image = new(20, 20);

    private static readonly FeatureMatrix Images = Noise(12, 400);

    private static readonly string[] Texts = ["one two three", "two three", "three one four", "five"];

    public static TheoryData<string> Names => [.. FeatureMapChoice.All.Select(choice => choice.Name)];

    [Fact]
    public void Names_are_told_apart_and_others_are_of_none()
    {
        Assert.Distinct(FeatureMapChoice.All.Select(choice => choice.Name));
        Assert.All(FeatureMapChoice.All, choice => Assert.Equal(choice, FeatureMapChoice.TryParse(choice.Name)));
        Assert.Null(FeatureMapChoice.TryParse("pca"));
        Assert.Null(FeatureMapChoice.TryParse("Spectral"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stored_map_is_restored_to_the_bit(string name)
    {
        var arrays = new ModelArrays();
        FeatureMapChoice choice = FeatureMapChoice.TryParse(name)!;
        choice = choice.WithComponents(3) ?? choice;
        choice = choice.WithImage(Image) ?? choice;
        choice = choice.WithNeighbours(3) ?? choice;
        choice = choice.WithEpochs(1) ?? choice;
        choice = choice.WithPower(0.3) ?? choice;
        choice = choice.WithWhitening(0.7) ?? choice;
        if (choice is NumberMapChoice numbers)
        {
            IFeatureMap map = (numbers with { Labels = Labels() }).Fit(Images);
            numbers.Store(arrays, map);
            Assert.Equal(numbers.DependsOnLabels, map.DependsOnLabels);
            Assert.Equal(map.Transform(Images).Values, numbers.Restore(arrays).Transform(Images).Values);
        }
        else if (choice is TextMapChoice texts)
        {
            ITextFeatureMap map = texts.Fit(Texts);
            texts.Store(arrays, map);
            Assert.Equal(map.Transform(Texts).Values, texts.Restore(arrays).Transform(Texts).Values);
        }
        else
        {
            var words = (WordVectorMapChoice)choice;
            ITextFeatureMap map = words.Fit(new WordVectors(["one", "two"], 2, [1.5f, 2, 3, -0.1f]));
            words.Store(arrays, map);
            Assert.Equal(map.Transform(Texts).Values, words.Restore(arrays).Transform(Texts).Values);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_option_that_a_map_has_changes_the_choice(string name)
    {
        FeatureMapChoice choice = FeatureMapChoice.TryParse(name)!;
        FeatureMapChoice?[] changed =
        [
            choice.WithComponents(7), choice.WithNeighbours(7), choice.WithNeighbourRecall(0.7), choice.WithPatchSize(6),
            choice.WithImage(Image), choice.WithEpochs(7), choice.WithSeed(7), choice.WithWhitening(0.7),
            choice.WithEdges(NeighbourEdges.Mutual), choice.WithDiffusion(7), choice.WithPower(0.7), choice.WithFlatVariance(0.7),
            choice.WithGamma(0.7), choice.WithTermWeights(TermWeighting.Root),
        ];
        Assert.All(changed, other => Assert.NotEqual(choice, other));
        Assert.Equal(choice.Components is null, choice.WithComponents(7) is null);
        Assert.Equal(choice.TakesImages, choice.WithImage(Image) is not null);
        Assert.Equal(choice.Components is null ? null : 7, choice.WithComponents(7)?.Components);
    }

    [Fact]
    public void Options_are_read_by_name_and_others_are_of_none()
    {
        FeatureMapChoice spectral = new SpectralFeaturesChoice();
        string[][] good = [["components", "7"], ["neighbours", "7"], ["whitening", "0"], ["edges", "mutual"], ["edges", "scaled"],
            ["diffusion", "2.5"], ["diffusion", "auto"]];
        Assert.All(good, option => Assert.NotEqual(spectral, spectral.WithOption(option[0], option[1])!));
        Assert.Equal(spectral, spectral.WithOption("edges", "either"));
        string[][] bad = [["components", "0"], ["edges", "Mutual"], ["edges", "1"], ["whitening", "1.1"], ["whitening", "NaN"],
            ["diffusion", "-1"], ["patch-size", "7"], ["seed", "1"], ["colour", "red"]];
        Assert.All(bad, option => Assert.Null(spectral.WithOption(option[0], option[1])));
        Assert.Equal(0.25, Assert.IsType<PowerNormalisationChoice>(new PowerNormalisationChoice().WithOption("power", "0.25")).Power);
        Assert.All((string[])["0", "1", "-1", "NaN", "x"], power => Assert.Null(new PowerNormalisationChoice().WithOption("power", power)));
        Assert.Null(spectral.WithOption("power", "0.25"));
        Assert.NotNull(new PrincipalComponentsChoice().WithOption("whitening", "1"));
        Assert.Equal(0.25, Assert.IsType<NystroemChoice>(new NystroemChoice().WithOption("gamma", "0.25")).Options.Gamma);
        Assert.All((string[])["0", "-1", "NaN", "x"], gamma => Assert.Null(new NystroemChoice().WithOption("gamma", gamma)));
        Assert.Null(new NystroemChoice().WithOption("components", $"{Nystroem.MostLandmarks + 1}"));
        Assert.Null(spectral.WithOption("gamma", "0.25"));
        Assert.NotNull(new PatchFeaturesChoice().WithOption("patch-size", "7"));
        Assert.Equal(0.02, ((PatchFeaturesChoice)new PatchFeaturesChoice().WithOption("flat-variance", "0.02")!).Options.FlatVariance);
        Assert.Null(new PatchFeaturesChoice().WithOption("flat-variance", "0"));
        Assert.Null(spectral.WithOption("flat-variance", "0.02"));
        Assert.Null(new PatchFeaturesChoice().WithOption("patch-size", "1"));
        Assert.Null(new PatchFeaturesChoice().WithOption("edges", "mutual"));
        var words = new LatentSemanticsChoice();
        Assert.Equal(TermWeighting.Root, ((LatentSemanticsChoice)words.WithOption("term-weights", "root")!).Options.Terms.Weighting);
        Assert.Equal(words, words.WithOption("term-weights", "logarithm"));
        Assert.Equal(
            TermWeighting.Presence,
            ((DocumentVectorsChoice)new DocumentVectorsChoice().WithOption("term-weights", "presence")!).Options.Terms.Weighting);
        Assert.Null(words.WithOption("term-weights", "idf"));
        Assert.Null(spectral.WithOption("term-weights", "root"));
        Assert.Equal(3, ((DocumentVectorsChoice)new DocumentVectorsChoice().WithOption("epochs", "3")!).Options.Epochs);
    }

    [Fact]
    public void Only_the_network_depends_on_labels_and_is_not_trained_without()
    {
        Assert.All(FeatureMapChoice.All, choice => Assert.Equal(choice is ConvolutionalNetworkChoice, choice.DependsOnLabels));
        var network = (NumberMapChoice)new ConvolutionalNetworkChoice().WithImage(Image);
        Assert.Throws<InvalidOperationException>(() => network.Fit(Images));
        Assert.Throws<InvalidOperationException>(() => new PatchFeaturesChoice().Fit(Images));
    }

    [Fact]
    public void A_map_of_another_kind_is_refused() =>
        Assert.Throws<ArgumentException>(() => new PrincipalComponentsChoice().Store(new ModelArrays(), StandardScaler.Fit(Images)));

    private static ClassLabels Labels() => new([.. Enumerable.Range(0, Images.Rows).Select(row => row % 2)], 2);

    private static FeatureMatrix Noise(int rows, int columns)
    {
        var random = new Random(3);
        return new FeatureMatrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble())]);
    }
}
