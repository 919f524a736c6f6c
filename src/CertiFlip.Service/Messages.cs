using System.Text.Json.Serialization;
using CertiFlip.Data.Models;
using CertiFlip.Heads;
using Microsoft.AspNetCore.Mvc;

namespace CertiFlip.Service;

/// <summary>Answers to a batch of rows, in their order.</summary>
internal sealed record CertifyResponse(bool ConditionalOnLambda, IReadOnlyList<RowAnswer> Rows);

/// <summary>
/// What is certified of one row: the smoothed vote's prediction and radii, and those of the head itself.
/// </summary>
/// <param name="Prediction">The smoothed vote's class.</param>
/// <param name="Certified">Whether that is certified.</param>
/// <param name="LogFailure">An upper bound on log B; "-Infinity" where every labelling agrees.</param>
/// <param name="FailureProbability">Its exponential, at most 1.</param>
/// <param name="Radii">The radii of the vote.</param>
/// <param name="Exact">The head's own.</param>
/// <param name="NullRadius">Why a radius is null, where one is.</param>
/// <param name="ListedClassesOnly">
/// The certificates whose radius holds for this list of classes only: the list was read off the training labels, and flips within the radius
/// could remove a class from them.
/// </param>
/// <param name="Witness">Where it was asked for and there is one: labels whose flips change the prediction.</param>
internal sealed record RowAnswer(
    string Prediction,
    bool Certified,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double LogFailure,
    double FailureProbability,
    VoteRadii Radii,
    ExactAnswer Exact,
    string? NullRadius,
    IReadOnlyList<string>? ListedClassesOnly,
    IReadOnlyList<FlipAnswer>? Witness)
{
    /// <summary>What <see cref="NullRadius"/> says.</summary>
    public const string WhyNull = "no flips of training labels change this prediction";
}

/// <summary>Radii of the smoothed vote; null where no flips change its prediction.</summary>
internal sealed record VoteRadii(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Kl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Tight,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Structured);

/// <summary>The head's class, and how many wrong labels leave it unchanged; null where no flips change it.</summary>
internal sealed record ExactAnswer(string Prediction, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Radius);

/// <summary>A training label to flip.</summary>
internal sealed record FlipAnswer(int Row, string From, string To);

/// <summary>
/// The model that is served: training data, head, noise, limits. What the head does not have is left out.
/// </summary>
internal sealed record ModelDescription
{
    public required int TrainingRows { get; init; }

    public required int Features { get; init; }

    public required IReadOnlyList<string> FeatureNames { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Whether the list of classes was stated. Otherwise it was read off the training labels.</summary>
    public required bool ClassesStated { get; init; }

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

    public static ModelDescription Of(TrainedModel model, ServiceOptions options)
    {
        HeadValues values = model.Choice.Values(model.Head);
        return new ModelDescription
        {
            TrainingRows = model.Head.TrainingRows,
            Features = model.Head.Features,
            FeatureNames = model.Training.FeatureNames,
            Classes = model.Labels.Classes,
            ClassesStated = model.Labels.Classes.IsStated,
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
}

/// <summary>The state of the service.</summary>
internal sealed record Health(string Status);

/// <summary>Writes the messages as JSON without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CertifyResponse))]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class MessageContext : JsonSerializerContext;
