using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Report;

/// <summary>Certificates and the guarantee in sentences for people who have not read the paper.</summary>
internal static class GuaranteeSection
{
    /// <summary>What a certificate speaks of, and how it is proved.</summary>
    /// <param name="kind">The certificate.</param>
    /// <param name="adversary">Against whom.</param>
    public static string InWords(CertificateKind kind, LabelFlipAdversary adversary) => kind switch
    {
        CertificateKind.Exact when !adversary.IsUnlimited => $"For the classifier itself, without smoothing. Nothing larger is true: {(adversary.HasUnitCosts ? "one flip more" : "flips that cost one more")}, of those that the adversary can make, would change the prediction.",
        CertificateKind.Partition when !adversary.IsUnlimited => "For a vote of heads trained on disjoint parts of the rows (SS-DPA): the cheapest parts that close the gap of the vote, each at the price of one flip that the adversary can make.",
        CertificateKind.WhiteBox when !adversary.HasUnitCosts => "For the same vote of parts: counts what it costs to change each part’s vote.",
        CertificateKind.Kl => "For the smoothed classifier (the majority vote over randomly changed labels): the paper’s closed form.",
        CertificateKind.Tight => "For the smoothed classifier: the best that its failure probability alone can prove, about twice as much.",
        CertificateKind.Structured => "For the smoothed classifier: also uses that the vote is linear in the labels.",
        CertificateKind.Exact => "For the classifier itself, without smoothing. Nothing larger is true: one flip more, of the right labels, changes the prediction.",
        CertificateKind.Partition => "For a vote of heads trained on disjoint parts of the rows (SS-DPA): half the gap of the vote, since a flipped label changes one part’s vote.",
        CertificateKind.WhiteBox => "For the same vote of parts: counts how many flips it takes to change each part’s vote.",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such certificate."),
    };

    public static ReportSection Of(RunData data, IReadOnlyList<Setting> settings)
    {
        bool sampled = settings.Any(setting => setting.Confidence is not null);
        bool proved = settings.Any(setting => setting.Confidence is null);
        string proof = (proved, sampled) switch
        {
            (true, false) => "It is a proof, not a statistical estimate.",
            (false, _) => "It holds with the confidence stated, over the draws, for each row on its own: the failure probability was bounded by sampling.",
            (true, true) => "It is a proof, except for certificates by sampling: those hold with the confidence stated, over the draws, for each row on its own.",
        };
        return new ReportSection("guarantee", "The guarantee", "What the guarantee says, and what it does not", Html.Of($"""
            <p>For each test row on its own: {Changes(data.Adversary)}, and however they are chosen, the prediction stays what it is. {proof}</p>
            <ul>
            <li>It covers changed labels, not changed, added or removed training inputs, and not a changed test input.</li>
            {Limits(data)}<li>It does not say that a prediction is right: only that this many labels cannot change it.</li>
            <li>{Choices(settings)} must have been chosen without these labels. If somebody tuned them on the labels, the proof does not cover that choice.</li>
            {(sampled ? Html.Made("<li>The draws follow from the seed. Somebody who knew it before the labels were fixed could look for labels on which these draws mislead.</li>\n") : Html.Empty)}</ul>

            """));
    }

    private static string Changes(LabelFlipAdversary adversary) => adversary switch
    {
        { IsUnlimited: true } => "whichever r training labels an adversary changes",
        { HasUnitCosts: true } => "whichever r training labels an adversary with these limits changes",
        _ => "whichever training labels an adversary with these limits changes at a cost of r",
    };

    /// <summary>What an adversary with limits is taken for, and what no radius can tell of the limits.</summary>
    public static Html Limits(RunData data) => AdversaryWording.Sentence(data) is not { } sentence ? Html.Empty : Html.Of($"""
        <li>{sentence} Against somebody who can do more it says nothing, and limits that were read off these labels are none.</li>
        {(data.Adversary.Directions.Count == 0 ? Html.Empty : Html.Made("<li>A change leads away from the label in the training data. Where labels may be wrong already, that is the way back to the right one.</li>\n"))}<li>{AdversaryWording.LargestRadius(data)}</li>

        """);

    /// <summary>What somebody chose. A λ that was computed from the labels is spoken of elsewhere.</summary>
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
