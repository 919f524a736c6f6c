using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>Certificates and the guarantee in sentences for people who have not read the paper.</summary>
internal static class GuaranteeSection
{
    private const string Seed =
        "The draws follow from the seed. Whoever knew it before the labels were fixed could look for labels that mislead these draws.";

    private const string Directions = "Directions start at the label in the training data: a row now labelled A may really be B.";

    /// <summary>What a certificate certifies, and how it is proved.</summary>
    /// <param name="kind">The certificate.</param>
    /// <param name="adversary">Against whom.</param>
    public static string InWords(CertificateKind kind, LabelFlipAdversary adversary)
    {
        string limits = adversary switch
        {
            { IsUnlimited: true } => "",
            { HasUnitCosts: true } => " Only flips that the adversary can make count.",
            _ => " Only flips that the adversary can make count, at their cost.",
        };
        return $"For {kind.Classifier}: {kind.Description}.{limits}";
    }

    /// <summary>Which list of classes radii hold for.</summary>
    public static Html Classes(RunData data) =>
        ClassWording.Source(data) is { } source ? Html.Of($"<li>{$"{source} {ClassWording.Limit(data)}".TrimEnd()}</li>\n") : Html.Empty;

    public static ReportSection Of(RunData data, IReadOnlyList<Setting> settings)
    {
        bool sampled = settings.Any(setting => setting.Confidence is not null);
        bool proved = settings.Any(setting => setting.Confidence is null);
        string proof = (proved, sampled) switch
        {
            (true, false) => "It is a proof, not a statistical estimate.",
            (false, _) => "It holds with the stated confidence, over the draws, for each row on its own: the failure probability was "
                + "bounded by sampling.",
            (true, true) => "It is a proof, except for certificates by sampling: those hold with the stated confidence, over the draws, "
                + "for each row on its own.",
        };
        string attacked = data.RowAdversary is null ? "labels" : "rows";
        return new ReportSection("guarantee", "The guarantee", "What the guarantee says and does not say", Html.Of($"""
            <p>For each {data.RowName.ToLowerInvariant()} on its own{(data.IsLeaveOneOut ? ", by the head fitted to the others" : "")}:
            {Changes(data)}, the prediction stays the same. {proof}</p>
            <ul>
            <li>{Covered(data)}</li>
            {Limits(data)}{Classes(data)}<li>It does not say that a prediction is correct: only that this many {attacked}
            cannot change it.</li>
            <li>{Choices(settings)} must have been chosen without these {attacked}.
            If they were tuned on them, the proof does not cover that choice.</li>
            {(sampled ? Html.Made($"<li>{Seed}</li>\n") : Html.Empty)}</ul>

            """));
    }

    private static string Covered(RunData data) => data.RowAdversary is null
        ? "It covers changed labels, not changed, added or removed training inputs, and not a changed test input."
        : "It covers training rows that are inserted, removed or changed as said below, features and label. It does not cover a changed "
            + "test input, nor features that were computed with the help of the other training rows.";

    private static string Changes(RunData data) => data switch
    {
        { RowAdversary: { HasUnitPrices: true } rows } => $"whichever r training rows are {rows.Changed()}, and however they are chosen",
        { RowAdversary: not null } => "whatever an adversary does to training rows at a price of r, and however it is chosen",
        { CountsVotes: true } => "whichever r votes an adversary changes, and however they are chosen",
        { Adversary: var adversary } => Changes(adversary),
    };

    private static string Changes(LabelFlipAdversary adversary) => adversary switch
    {
        { IsUnlimited: true } => "whichever r training labels an adversary changes, and however they are chosen",
        { HasUnitCosts: true } => "whichever r training labels an adversary with these limits changes, and however they are chosen",
        _ => "whichever training labels an adversary with these limits changes at a cost of r, and however they are chosen",
    };

    /// <summary>What an adversary with limits can do, and what no radius covers.</summary>
    public static Html Limits(RunData data)
    {
        if (AdversaryWording.Sentence(data) is not { } sentence)
            return Html.Empty;
        if (data.RowAdversary is not null)
            return Html.Of($"<li>{sentence}</li>\n<li>{AdversaryWording.Any(data)}</li>\n");
        Html directions = data.Adversary.Directions.Count == 0 ? Html.Empty : Html.Of($"<li>{Directions}</li>\n");
        return Html.Of($"""
            <li>{sentence} Radii do not cover an adversary who can do more. Limits must not be derived from these labels.</li>
            {directions}<li>{AdversaryWording.Any(data)}</li>

            """);
    }

    /// <summary>What somebody chose. The page has a note of its own on a λ that was computed from the labels.</summary>
    private static string Choices(IReadOnlyList<Setting> settings)
    {
        bool Any(Func<Setting, bool> has) => settings.Any(has);
        string[] choices =
        [
            "The features",
            .. Any(setting => setting.Head is not (null or "ridge")) ? ["the head"] : (string[])[],
            .. Any(setting => setting.Ridge is not null && !setting.ConditionalOnLambda) ? ["λ"] : (string[])[],
            .. Any(setting => setting.Noise is not null) ? ["q"] : (string[])[],
            .. Any(setting => setting.Learner is not null) ? ["the learner"] : (string[])[],
            .. Any(setting => setting.Partitions is not null) ? ["the number of parts"] : (string[])[],
            .. settings.DistinctBy(setting => setting.Sentence).Count() > 1 ? ["the method"] : (string[])[],
        ];
        return $"{string.Join(", ", choices[..^1])} and {choices[^1]}";
    }
}
