using CertiFlip.Heads;
using FsCheck;
using FsCheck.Fluent;

namespace CertiFlip.Data.Tests.Models;

public sealed class TrainedModelFileTests : IDisposable
{
    private static readonly Gen<(string Head, int N, int K, int Fitting, int Restoring)> Models =
        from head in Gen.Elements<string>([.. TrainedModels.Choices.Keys])
        from n in Gen.Choose(4, 60)
        from k in Gen.Choose(1, 20)
        where n > k + 2 || !TrainedModels.Choices[head].DependsOnLabels // The paper's λ needs more rows than features.
        from fitting in Gen.Choose(1, 4)
        from restoring in Gen.Choose(1, 4)
        select (head, n, k, fitting, restoring);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Restored_model_certifies_to_the_same_bits_for_any_number_of_threads() => Claim.HoldsFor(Models, count: 300, draw =>
    {
        TrainedModel model = TrainedModels.Fit(draw.Head, draw.N, draw.K, draw.Fitting);
        TrainedModel kept = TrainedModels.Kept(model, _folder["model"], draw.Restoring);
        Assert.Equal(TrainedModels.Certificates(model, draw.Fitting), TrainedModels.Certificates(kept, draw.Restoring));
    });

    [Theory]
    [MemberData(nameof(TrainedModels.Names), MemberType = typeof(TrainedModels))]
    public void Everything_that_was_chosen_and_all_data_come_back(string head)
    {
        TrainedModel model = TrainedModels.Fit(head, 30, 4) with { LabelColumn = "verdict" };
        TrainedModel kept = TrainedModels.Kept(model, _folder["model"]);
        Assert.Equal((model.Head.GetType(), model.Head.DependsOnLabels, model.Noise, "verdict"),
            (kept.Head.GetType(), kept.Head.DependsOnLabels, kept.Noise, kept.LabelColumn));
        Assert.Equal(model.Choice, kept.Choice);
        Assert.Equal(model.Choice.Values(model.Head), kept.Choice.Values(kept.Head));
        Assert.Equal(model.Training.FeatureNames, kept.Training.FeatureNames);
        Assert.Equal(model.Training.Labels, kept.Training.Labels);
        Assert.Equal(model.Training.Features.Values, kept.Training.Features.Values);
    }

    /// <summary>Programs that know no lift of this head ask for one number: they refuse two.</summary>
    [Fact]
    public void Two_means_with_a_lift_are_two_numbers_where_earlier_programs_expect_one()
    {
        StoredModel lifted = TrainedModelFile.Store(TrainedModels.Fit("two means, lift", 20, 3));
        Assert.Equal([0.7, 0.5], lifted.Doubles("gain"));
        Assert.Single(TrainedModelFile.Store(TrainedModels.Fit("two means", 20, 3)).Doubles("gain"));
        foreach (double[] wrong in (double[][])[[], [0], [0.7, 0], [0.7, 1.5], [0.7, double.NaN], [0.7, 0.5, 0.5]])
        {
            var arrays = new ModelArrays();
            TrainedModel model = TrainedModels.Fit("two means", 20, 3);
            arrays.Add("ridge", [RidgeChoice.Default.Text]);
            arrays.Add("gain", wrong);
            Assert.Throws<ArgumentException>(() => model.Choice.WithStoredOptions(arrays));
        }
    }

    [Fact]
    public void The_shape_of_images_comes_back()
    {
        Dataset images = TrainedModels.Data(9, 6) with { RowShape = [2, 3], FeatureNames = [] };
        Assert.Equal([2, 3], TrainedModels.Kept(TrainedModel.Fit(images, HeadChoice.Default), _folder["model"]).Training.RowShape);
    }

    [Fact]
    public void Features_that_are_32_bit_numbers_take_half_the_space()
    {
        long Length(double unit)
        {
            Dataset data = TrainedModels.Data(400, 3);
            var features = new FeatureMatrix(400, 3, [.. data.Features.Values.ToArray().Select(value => Math.Round(1024 * value) * unit)]);
            TrainedModels.Kept(TrainedModel.Fit(new Dataset(features, "x") { Labels = data.Labels }, HeadChoice.Default), _folder["model"]);
            return new FileInfo(_folder["model"]).Length;
        }

        Assert.Equal(400 * 3 * sizeof(float), Length(0.1) - Length(0.25));
    }

    /// <summary>
    /// Files of version 0.1.0's first form, which knew ridge alone, and what was then said of three rows. The last
    /// digits of log B are those of today's arithmetic (<see cref="Arithmetic.Contract"/>).
    /// </summary>
    [Theory]
    [InlineData(
        "ridge-paper-0.2",
        "-1 0.5 1 0.2 0.1 0.1",
        "-1.0508541839887564 kl ham 0 tight ham 0 structured ham 0 exact ham 1",
        "-0.38505831645874183 kl spam 0 tight spam 0 structured spam 0 exact spam 0",
        "-0.08308967649416266 kl spam 0 tight spam 0 structured spam 0 exact spam 0")]
    [InlineData(
        "ridge-wide",
        "1 0 0.5 0 1 0.1",
        "-0.4486992011302651 kl x 0 tight x 0 structured x 0 exact x 0",
        "-0.04227214745048645 kl y 0 tight y 0 structured y 0 exact y 0")]
    public void Files_from_before_other_heads_were_kept_say_what_they_said(string name, string tests, params string[] expected)
    {
        TrainedModel model =
            TrainedModelFile.Restore(StoredModel.Read(Repository.File("test", "CertiFlip.Data.Tests", "Models", "Kept", $"{name}.model")));
        double[] values = [.. tests.Split(' ').Select(double.Parse)];
        Assert.Equal(string.Join('\n', expected),
            TrainedModels.Certificates(model, new FeatureMatrix(values.Length / model.Head.Features, model.Head.Features, values)));
    }

    [Fact]
    public void More_neighbours_than_rows_are_no_model()
    {
        HeadChoice many = HeadChoice.TryParse("knn:10")!;
        Assert.Equal("data: knn:10 needs 10 training rows, but there are 9.",
            Assert.Throws<DataException>(() => TrainedModel.Fit(TrainedModels.Data(9, 2), many)).Message);
    }

    [Fact]
    public void A_map_is_no_classifier()
    {
        var map = new StoredModel("principal-components");
        Assert.Contains("expected classifier",
            Assert.Throws<DataException>(() => TrainedModelFile.Restore(map)).Message, StringComparison.Ordinal);
    }
}
