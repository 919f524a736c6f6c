namespace CertiFlip;

/// <summary>A way to prove a radius: one of <see cref="All"/> or of <see cref="AgainstRows"/>.</summary>
public sealed class CertificateKind
{
    private CertificateKind(string name, CertifiedClassifier classifier, string description) =>
        (Name, Classifier, Description) = (name, classifier, description);

    /// <summary>The paper's closed form (8)/(10), from the KL divergence.</summary>
    public static CertificateKind Kl { get; } =
        new("kl", CertifiedClassifier.SmoothedVote,
            "the paper's closed form, from the Kullback-Leibler divergence")
        { HoldsForSamples = true };

    /// <summary>The discrete bound of Lee et al. (4), about twice as many flips as <see cref="Kl"/>.</summary>
    public static CertificateKind Tight { get; } =
        new("tight", CertifiedClassifier.SmoothedVote, "Lee et al.'s discrete bound, about twice as large") { HoldsForSamples = true };

    /// <summary>Uses that the vote is linear in the labels.</summary>
    public static CertificateKind Structured { get; } =
        new("structured", CertifiedClassifier.SmoothedVote, "uses that the vote is linear in the labels");

    /// <summary>The largest radius there is, for the head itself without smoothing.</summary>
    public static CertificateKind Exact { get; } =
        new("exact", CertifiedClassifier.Head, "the largest radius there is, with the labels that break it");

    /// <summary>
    /// Half the gap of a vote of heads trained on disjoint parts of the training rows (SS-DPA, Levine and Feizi 2021).
    /// </summary>
    public static CertificateKind Partition { get; } =
        new("partition", CertifiedClassifier.VoteOfParts, "half the gap of the vote (SS-DPA)");

    /// <summary>Counts the flips that change each part's vote, instead of one for every part.</summary>
    public static CertificateKind WhiteBox { get; } =
        new("white-box", CertifiedClassifier.VoteOfParts, "counts the flips that change each part's vote");

    /// <summary>
    /// Against changed rows: half the gap of a vote of heads trained on parts of whole rows (Deep Partition
    /// Aggregation, Levine and Feizi 2021).
    /// </summary>
    public static CertificateKind Dpa { get; } =
        new("dpa", CertifiedClassifier.VoteOfParts, "half the gap of the vote (Deep Partition Aggregation)");

    /// <summary>
    /// Against changed rows: the parts with the largest influence on a vote of heads that share parts (Finite
    /// Aggregation, Wang, Levine and Feizi 2022).
    /// </summary>
    public static CertificateKind FiniteAggregation { get; } = new(
        "fa", CertifiedClassifier.VoteOfSharedParts, "adds up the parts with the largest influence on the vote (Finite Aggregation)");

    /// <summary>
    /// Against changed rows: the largest radius there is, for nearest neighbours (Jia et al. 2022) and kernel
    /// smoothers.
    /// </summary>
    public static CertificateKind Rows { get; } =
        new("rows", CertifiedClassifier.Head, "the cheapest rows to insert, remove and relabel");

    /// <summary>Against removed rows: a bound on what ridge regression without them would say.</summary>
    public static CertificateKind Removal { get; } =
        new("removal", CertifiedClassifier.Head, "a bound on ridge regression without any r rows, exact for one");

    /// <summary>Every certificate against flipped labels; of those for one classifier the loosest first.</summary>
    public static IReadOnlyList<CertificateKind> All { get; } = [Kl, Tight, Structured, Exact, Partition, WhiteBox];

    /// <summary>Every certificate against rows that are inserted, removed or changed.</summary>
    public static IReadOnlyList<CertificateKind> AgainstRows { get; } = [Dpa, FiniteAggregation, Rows, Removal];

    /// <summary>Its name, as the command writes it.</summary>
    public string Name { get; }

    /// <summary>The classifier whose prediction it certifies.</summary>
    public CertifiedClassifier Classifier { get; }

    /// <summary>How it works, in a few words.</summary>
    public string Description { get; }

    /// <summary>Whether it depends on smoothing noise.</summary>
    public bool NeedsNoise => Classifier == CertifiedClassifier.SmoothedVote;

    /// <summary>
    /// Whether a failure probability is all that it needs, so that Algorithm 2 can give it by sampling.
    /// </summary>
    public bool HoldsForSamples { get; private init; }

    /// <summary>The certificate of a name, or null if there is none.</summary>
    /// <param name="name">A name such as <c>exact</c>.</param>
    public static CertificateKind? TryParse(string name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What a certificate certifies the prediction of.</summary>
public sealed class CertifiedClassifier
{
    private CertifiedClassifier(string name) => Name = name;

    /// <summary>The head, as it was fitted.</summary>
    public static CertifiedClassifier Head { get; } = new("the head itself");

    /// <summary>The vote of the head, or of a learner, over noisy labels.</summary>
    public static CertifiedClassifier SmoothedVote { get; } = new("the smoothed vote");

    /// <summary>The vote of heads trained on disjoint parts of the rows.</summary>
    public static CertifiedClassifier VoteOfParts { get; } = new("the vote of the parts");

    /// <summary>The vote of heads each trained on several parts of the rows, which they share with others.</summary>
    public static CertifiedClassifier VoteOfSharedParts { get; } = new("the vote of heads that share parts");

    /// <summary>In words.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
