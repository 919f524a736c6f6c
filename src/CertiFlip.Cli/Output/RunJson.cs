using System.Security.Cryptography;
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
/// <param name="ClassShares">The stated shares in the order of the classes, left out where there are none.</param>
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
    IReadOnlyList<double>? ClassPrior, IReadOnlyList<double>? ClassShares, int? RadiiAssumeClassesFrom, bool? TestLabelsKnown,
    JsonHeader.Commonest? CommonestClass, double? MedianCeiling, AdversaryJson? Adversary, RowAdversaryJson? RowAdversary,
    IReadOnlyList<RemarkJson> Remarks)
{
    /// <summary>What the user calls the data, left out where they did not say.</summary>
    [JsonPropertyOrder(-2)]
    public string? Name { get; init; }

    /// <summary>The options that the user wrote, left out where they are not told.</summary>
    [JsonPropertyOrder(-1)]
    public IReadOnlyList<GivenOption>? Options { get; init; }

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
        data.Classes.Shares is { Count: > 0 } shares ? shares : null,
        data.Classes.IsStated || data.Adversary.RadiusOfClasses(data.Labels) is not { IsAny: false } kept ? null : kept.Budget + 1,
        data.HasTruth,
        data.HasTruth ? Commonest.Of(data) : null,
        data.MedianCeiling,
        AdversaryJson.Of(data),
        RowAdversaryJson.Of(data.RowAdversary),
        RemarkJson.Of(data.Remarks))
    {
        Name = data.Name,
    };

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

/// <summary>An option that the user wrote.</summary>
/// <param name="Option">Its name.</param>
/// <param name="Value">What stands behind it; left out where nothing does.</param>
/// <param name="Sha256">The checksum of the file that it names; left out where it names none.</param>
internal sealed record GivenOption(string Option, string? Value, string? Sha256)
{
    public static GivenOption Of(string name, IReadOnlyList<string> values) =>
        new(name, values.Count == 0 ? null : string.Join(", ", values), values is [var path] ? ChecksumOf(path) : null);

    /// <summary>Of a file, which is read again; of a pipe or a folder there is none.</summary>
    private static string? ChecksumOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.Length == 0)
                return null;
            using FileStream stream = file.OpenRead();
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>
/// What was found of each test row, in lists of one entry for each: <c>diff</c> compares two runs by them.
/// </summary>
/// <param name="RadiiCount">What radii count.</param>
/// <param name="Ids">The rows' ids, left out where they have none.</param>
/// <param name="Numbers">Their numbers in the file, from 0; left out where these are 0, 1, 2, …</param>
/// <param name="Labels">The class of each row, from 0, in the list of classes; left out where it is not known.</param>
/// <param name="Certificates">Predictions and radii by each certificate.</param>
internal sealed record RowsJson(
    string RadiiCount,
    IReadOnlyList<string>? Ids,
    IReadOnlyList<int>? Numbers,
    IReadOnlyList<int>? Labels,
    IReadOnlyList<RowsJson.Certified> Certificates)
{
    /// <param name="data">The data.</param>
    /// <param name="kinds">The certificates.</param>
    /// <param name="rows">The rows.</param>
    public static RowsJson Of(RunData data, IReadOnlyList<CertificateKind> kinds, IReadOnlyList<RowCertificates> rows) => new(
        RadiusUnit.Of(data).Fact,
        data.Test.Ids.Count > 0 ? data.Test.Ids : null,
        data.Test.RowNumbers.Count > 0 ? data.Test.RowNumbers : null,
        data.HasTruth ? data.Truth : null,
        [
            .. kinds.Select(kind => new Certified(
                kind.Name, [.. rows.Select(row => row[kind].Prediction)],
                [
                    .. rows.Select(row => row[kind])
                        .Select(one => one is { IsCertified: true, Radius.IsAny: false } ? one.Radius.Budget : (int?)null),
                ],
                rows.Any(row => IsAny(row[kind])) ? [.. rows.Index().Where(row => IsAny(row.Item[kind])).Select(row => row.Index)] : null)),
        ]);

    private static bool IsAny(Certificate certificate) => certificate is { IsCertified: true, Radius.IsAny: true };

    /// <summary>By one certificate.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Predictions">
    /// The predicted class of each row, from 0 in the list of classes; −1 where it abstains.
    /// </param>
    /// <param name="Radii">
    /// Each row's radius; null where the prediction is not certified, or nothing changes it.
    /// </param>
    /// <param name="Any">
    /// The rows that nothing changes, by their place in these lists from 0; left out where there are none.
    /// </param>
    internal sealed record Certified(
        string Name, IReadOnlyList<int> Predictions, IReadOnlyList<int?> Radii, IReadOnlyList<int>? Any);
}
