using CertiFlip.Data.Models;
using CertiFlip.Heads;

namespace CertiFlip.Service;

/// <summary>What is served: training data, head, noise, limits. What the head does not have is left out.</summary>
internal sealed record ModelDescription
{
    public required int TrainingRows { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> FeatureNames { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The head as written.</summary>
    public required string Head { get; init; }

    public string? Ridge { get; init; }

    public double? Lambda { get; init; }

    public bool? Intercept { get; init; }

    public double? Gain { get; init; }

    /// <summary>Left out where each row has its own, too.</summary>
    public double? Offset { get; init; }

    public int? Neighbours { get; init; }

    public double? Bandwidth { get; init; }

    public required bool ConditionalOnLambda { get; init; }

    public required double Noise { get; init; }

    public required int MaxRows { get; init; }

    public required long MaxBodyBytes { get; init; }

    public static ModelDescription Of(TrainedModel model, IReadOnlyList<string> classes, ServiceOptions options) =>
        Of(model, model.Choice.Values(model.Head), classes, options);

    private static ModelDescription Of(TrainedModel model, HeadValues values, IReadOnlyList<string> classes, ServiceOptions options) => new()
    {
        TrainingRows = model.Head.TrainingRows,
        Features = model.Head.Features,
        FeatureNames = model.Training.FeatureNames,
        Classes = classes,
        Head = model.Choice.Text,
        Ridge = values.Ridge,
        Lambda = values.Lambda,
        Intercept = values.Intercept,
        Gain = values.Gain,
        Offset = values.Offset,
        Neighbours = values.Neighbours,
        Bandwidth = values.Bandwidth,
        ConditionalOnLambda = model.Head.DependsOnLabels,
        Noise = options.Noise,
        MaxRows = options.MaxRows,
        MaxBodyBytes = options.MaxBodyBytes,
    };
}
