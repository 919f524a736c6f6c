using CertiFlip.Features;
using CertiFlip.Features.Images;
using CertiFlip.Features.Text;

namespace CertiFlip.Data.Tests.Models;

public sealed class FeatureMapFileTests : IDisposable
{
    private static readonly string[] Texts = ["one two three", "two three", "three one four", "five"];

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_restored_scaler_maps_to_the_same_bits()
    {
        FeatureMatrix rows = Noise(10, 3);
        var scaler = StandardScaler.Fit(rows);
        Assert.Equal(scaler.Transform(rows).Values, Kept(StoredModel.Of(scaler)).Restore<StandardScaler>().Transform(rows).Values);
    }

    [Fact]
    public void Restored_maps_of_single_rows_map_to_the_same_bits()
    {
        FeatureMatrix rows = Noise(10, 3);
        var unit = new Normalizer(3);
        Assert.Equal(unit.Transform(rows).Values, Kept(StoredModel.Of(unit)).Restore<Normalizer>().Transform(rows).Values);
        var power = new PowerNormalisation(3, 0.3);
        Assert.Equal(power.Transform(rows).Values, Kept(StoredModel.Of(power)).Restore<PowerNormalisation>().Transform(rows).Values);
        var kernel = Nystroem.Fit(rows, new() { Components = 2, Gamma = 0.3 });
        Assert.Equal(kernel.Transform(rows).Values, Kept(StoredModel.Of(kernel)).Restore<Nystroem>().Transform(rows).Values);
        var white = PrincipalComponents.Fit(rows, new() { Components = 2, Whitening = 0.3 });
        Assert.Equal(white.Transform(rows).Values, Kept(StoredModel.Of(white)).Restore<PrincipalComponents>().Transform(rows).Values);
    }

    [Fact]
    public void A_scaler_that_divides_by_nothing_is_refused()
    {
        var forged = new StoredModel(StandardScaler.Kind);
        forged.Add("means", [0.0, 0]);
        forged.Add("scales", [1.0, 0]);
        Assert.Throws<DataException>(() => forged.Restore<StandardScaler>());
    }

    [Fact]
    public void A_restored_network_maps_to_the_same_bits()
    {
        var random = new Random(1);
        var images = new FeatureMatrix(6, 400, [.. Enumerable.Range(0, 2400).Select(_ => random.NextDouble())]);
        var network = ConvolutionalNetwork.Fit(images, new ImageShape(20, 20), new ClassLabels([0, 1, 0, 1, 0, 1], 2),
            new ConvolutionalNetworkOptions { Features = 3, Epochs = 1 });
        Assert.Equal(network.Transform(images).Values, Kept(StoredModel.Of(network)).Restore<ConvolutionalNetwork>()
            .Transform(images).Values);
    }

    [Fact]
    public void Restored_latent_semantics_map_to_the_same_bits()
    {
        var map = LatentSemantics.Fit(Texts, new LatentSemanticsOptions { Components = 2 });
        Assert.Equal(map.Transform(Texts).Values, Kept(StoredModel.Of(map)).Restore<LatentSemantics>().Transform(Texts).Values);
    }

    [Fact]
    public void Restored_document_vectors_map_to_the_same_bits()
    {
        var map = DocumentVectors.Fit(Texts, new DocumentVectorsOptions { Components = 3 });
        Assert.Equal(map.Transform(Texts).Values, Kept(StoredModel.Of(map)).Restore<DocumentVectors>().Transform(Texts).Values);
    }

    [Theory]
    [InlineData(TermWeighting.Logarithm, false)]
    [InlineData(TermWeighting.Presence, true)]
    public void Terms_that_count_once_do_so_when_restored_and_others_are_stored_as_before(TermWeighting weighting, bool isStored)
    {
        string[] texts = ["one one one two", "two three", "three one"];
        TfIdfOptions terms = new() { Weighting = weighting };
        var vectors = DocumentVectors.Fit(texts, new() { Components = 3, Epochs = 1, Terms = terms });
        var semantics = LatentSemantics.Fit(texts, new() { Components = 2, Terms = terms });
        StoredModel[] stored = [Kept(StoredModel.Of(vectors)), Kept(StoredModel.Of(semantics))];
        Assert.All(stored, model => Assert.Equal(isStored, model.Arrays.All.ContainsKey("counts once")));
        Assert.Equal(vectors.Transform(texts).Values, stored[0].Restore<DocumentVectors>().Transform(texts).Values);
        Assert.Equal(semantics.Transform(texts).Values, stored[1].Restore<LatentSemantics>().Transform(texts).Values);
    }

    [Fact]
    public void Restored_word_vectors_map_to_the_same_bits()
    {
        var map = new AveragedWordVectors(new WordVectors(["one", "two"], 2, [1.5f, 2, 3, -0.1f]));
        Assert.Equal(map.Transform(Texts).Values, Kept(StoredModel.Of(map)).Restore<AveragedWordVectors>().Transform(Texts).Values);
    }

    [Fact]
    public void Restored_patches_map_to_the_same_bits()
    {
        FeatureMatrix images = Noise(6, 144);
        var map = PatchFeatures.Fit(images, new ImageShape(12, 12), new PatchFeaturesOptions { PatchSize = 4, Centres = 5, Samples = 200 });
        Assert.Equal(map.Transform(images).Values, Kept(StoredModel.Of(map)).Restore<PatchFeatures>().Transform(images).Values);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.8)]
    public void Restored_spectral_features_map_to_the_same_bits(double? recall)
    {
        FeatureMatrix rows = Noise(90, 5);
        SpectralFeatures map = SpectralFeatures.FitTransform(
            rows, new SpectralFeaturesOptions { Components = 3, Neighbours = 5, NeighbourRecall = recall }).Map;
        SpectralFeatures restored = Kept(StoredModel.Of(map)).Restore<SpectralFeatures>();
        Assert.Equal(map.Transform(rows).Values, restored.Transform(rows).Values);
        Assert.Equal(map.Recall, restored.Recall);
        Assert.Equal(recall, restored.Recall?.Asked);
    }

    [Fact]
    public void Patches_of_a_size_that_overflows_are_refused()
    {
        var forged = new StoredModel(PatchFeatures.Kind);
        forged.Add("image", [70_000, 70_000, 1]);
        forged.Add("patch size and regions", [65_536, 1]); // 65,536² is 0 in 32 bits.
        forged.Add("mean", Array.Empty<double>());
        forged.Add("filters", [1.0]);
        Assert.Contains("does not fit together", Assert.Throws<DataException>(() => Kept(forged).Restore<PatchFeatures>()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("places", 3)]
    [InlineData("entries", 4)]
    [InlineData("eigenvalues", 0)]
    [InlineData("directions", 2)]
    [InlineData("variances", 0)]
    [InlineData("means", 0)]
    public void Spectral_features_with_a_part_of_another_length_are_refused(string part, int length)
    {
        StoredModel whole = StoredModel.Of(
            SpectralFeatures.FitTransform(Noise(40, 5), new SpectralFeaturesOptions { Components = 3, Neighbours = 5 }).Map);
        var forged = new StoredModel(SpectralFeatures.Kind);
        foreach (string name in (string[])["means", "directions", "variances", "total variance", "places", "eigenvalues", "entries"])
            forged.Add(name, name == part ? whole.Doubles(name)[..length] : whole.Doubles(name));
        forged.Add("neighbours", whole.Integers("neighbours"));
        Assert.Contains("does not fit together", Assert.Throws<DataException>(() => Kept(forged).Restore<SpectralFeatures>()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_kind_or_with_parts_that_do_not_fit_is_refused()
    {
        StoredModel words = Kept(StoredModel.Of(new AveragedWordVectors(new WordVectors(["one"], 1, [1]))));
        Assert.Contains("expected latent-semantics",
            Assert.Throws<DataException>(() => words.Restore<LatentSemantics>()).Message, StringComparison.Ordinal);
        var network = new StoredModel(ConvolutionalNetwork.Kind);
        network.Add("image", [28, 28, 1]);
        network.Add("features and classes", [50, 8]);
        network.Add("weights", [1f]);
        Assert.Contains("does not fit together", Assert.Throws<DataException>(() => network.Restore<ConvolutionalNetwork>()).Message,
            StringComparison.Ordinal);
    }

    private static FeatureMatrix Noise(int rows, int columns)
    {
        var random = new Random(3);
        return new FeatureMatrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextDouble())]);
    }

    private StoredModel Kept(StoredModel model)
    {
        model.Write(_folder["model"]);
        return StoredModel.Read(_folder["model"]);
    }
}
