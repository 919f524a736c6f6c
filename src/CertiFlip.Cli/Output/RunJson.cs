using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace CertiFlip.Cli.Output;

/// <summary>
/// What a command prints with <c>--json</c>: the data, what it found out about them, and the time. docs/command.md
/// describes it.
/// </summary>
internal static partial class RunJson
{
    /// <param name="console">Where to.</param>
    /// <param name="header">The data.</param>
    /// <param name="form">The kind of document, one with a header.</param>
    /// <param name="body">What the command found out; its properties stand beside those of the header.</param>
    /// <param name="elapsed">How long it took.</param>
    public static void Write<T>(IAnsiConsole console, JsonHeader header, JsonForm<T> form, T body, TimeSpan elapsed)
    {
        JsonObject document = form.Document(body);
        int place = document.ContainsKey(JsonForm.Configuration) ? 2 : 1;
        foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(header, Header)!.AsObject())
            document.Insert(place++, name, value?.DeepClone());
        document.Add("seconds", elapsed.TotalSeconds);
        JsonText.Write(console, document);
    }

    /// <summary>The properties of the data, which stand after <c>schema</c>.</summary>
    public static JsonTypeInfo<JsonHeader> Header => JsonText.TypeOf<JsonHeader>(HeaderTypes.Default);

    [JsonSerializable(typeof(JsonHeader))]
    private sealed partial class HeaderTypes : JsonSerializerContext;
}

/// <summary>The data behind a document.</summary>
/// <param name="TrainingRows">n.</param>
/// <param name="Features">k.</param>
/// <param name="FeaturesMadeBy">What made the features, left out where they are the file's own numbers.</param>
/// <param name="TestRows">m, left out where there are no test rows.</param>
/// <param name="LeaveOneOut">
/// Whether the training rows are predicted, each by the head fitted without it; left out where not.
/// </param>
/// <param name="Holdout">Which training rows are the test rows, left out where none are.</param>
/// <param name="Corrections">Labels that somebody has verified, left out where none are known to be.</param>
/// <param name="Votes">The votes that labels come from, left out where there are none.</param>
/// <param name="ValidationRows">The rows that a setting is chosen by, where there are such.</param>
/// <param name="Classes">The names of the K classes, in order.</param>
/// <param name="ClassesStated">
/// Whether the list of classes was stated. Otherwise it was read off the training labels.
/// </param>
/// <param name="ClassPrior">The stated prior in the order of the classes, left out where there is none.</param>
/// <param name="RadiiAssumeClassesFrom">
/// The least radius that holds for this list of classes only; left out where the list was stated or no class can be
/// lost.
/// </param>
/// <param name="TestLabelsKnown">Whether the test rows are labelled, left out where that makes no difference.</param>
/// <param name="CommonestClass">
/// What an accuracy is to be compared with, left out where the test rows have no labels.
/// </param>
/// <param name="MedianCeiling">
/// The largest median radius that any method can have that treats class names alike, left out where none is known.
/// </param>
/// <param name="Adversary">What an adversary can do, left out where that is anything.</param>
/// <param name="RowAdversary">What an adversary can do to whole rows, left out where labels alone are attacked.</param>
/// <param name="Remarks">What is to be said of the data.</param>
internal sealed record JsonHeader(
    int TrainingRows, int Features, string? FeaturesMadeBy, int? TestRows, bool? LeaveOneOut, Holdout? Holdout,
    CorrectionsJson? Corrections, VotesJson? Votes, int? ValidationRows,
    IReadOnlyList<string> Classes, bool ClassesStated,
    IReadOnlyList<double>? ClassPrior, int? RadiiAssumeClassesFrom, bool? TestLabelsKnown, JsonHeader.Commonest? CommonestClass,
    double? MedianCeiling, AdversaryJson? Adversary, RowAdversaryJson? RowAdversary, IReadOnlyList<RemarkJson> Remarks)
{
    public static JsonHeader Of(RunData data) => new(
        data.Training.Features.Rows,
        data.Training.Features.Columns,
        data.Training.Pipeline?.Description,
        data.IsLeaveOneOut ? null : data.Test.Features.Rows,
        data.IsLeaveOneOut ? true : null,
        data.Holdout,
        CorrectionsJson.Of(data.Training),
        VotesJson.Of(data),
        ValidationRows: null,
        data.Classes,
        data.Classes.IsStated,
        data.Classes.Prior is { Count: > 0 } prior ? prior : null,
        data.Classes.IsStated || data.Adversary.RadiusOfClasses(data.Labels) is not { IsAny: false } kept ? null : kept.Budget + 1,
        data.HasTruth,
        data.HasTruth ? Commonest.Of(data) : null,
        data.MedianCeiling,
        AdversaryJson.Of(data),
        RowAdversaryJson.Of(data.RowAdversary),
        RemarkJson.Of(data.Remarks));

    /// <summary>The class that most test rows have.</summary>
    /// <param name="Class">The class.</param>
    /// <param name="Accuracy">The accuracy of always answering it.</param>
    /// <param name="InTraining">The class that most training labels name, if it is another.</param>
    internal sealed record Commonest(string Class, double Accuracy, string? InTraining)
    {
        public static Commonest Of(RunData data)
        {
            (int c, double share) = AccuracyByClass.CommonestOf(data.Truth);
            int inTraining = data.CommonestTrainingClass;
            return new Commonest(data.Classes[c], share, inTraining == c ? null : data.Classes[inTraining]);
        }
    }
}

/// <summary>An adversary with limits as JSON.</summary>
/// <param name="Sentence">All of them in words.</param>
/// <param name="ChangeableLabels">How many labels can be changed.</param>
/// <param name="TrustedRows">How many labels nobody can have changed.</param>
/// <param name="Directions">The only changes that are possible, left out if all are.</param>
/// <param name="TotalCost">What all labels cost together, left out where radii are numbers of flips.</param>
internal sealed record AdversaryJson(
    string Sentence, int ChangeableLabels, int TrustedRows, IReadOnlyList<AdversaryJson.Direction>? Directions, int? TotalCost)
{
    /// <summary>Null where there are no limits.</summary>
    public static AdversaryJson? Of(RunData data)
    {
        LabelFlipAdversary adversary = data.Adversary;
        return data.RowAdversary is not null || AdversaryWording.Sentence(data) is not { } sentence ? null : new AdversaryJson(
            sentence,
            AdversaryWording.ChangeableLabels(data),
            adversary.TrustedRows.Count,
            adversary.Directions.Count == 0
                ? null
                : [.. adversary.Directions.Select(direction => new Direction(data.Classes[direction.From], data.Classes[direction.To]))],
            adversary.HasUnitCosts ? null : data.TotalCost);
    }

    /// <summary>A change that is possible.</summary>
    /// <param name="From">The class that a label has.</param>
    /// <param name="To">The class that it can be given.</param>
    internal sealed record Direction(string From, string To);
}
