namespace CertiFlip;

/// <summary>How a radius was proved.</summary>
public enum CertificateKind
{
    /// <summary>The paper's closed form (8)/(10), from the KL divergence. Speaks of the smoothed classifier.</summary>
    Kl,

    /// <summary>The discrete bound of Lee et al. (4), about twice as many flips as <see cref="Kl"/>. Speaks of the smoothed classifier.</summary>
    Tight,

    /// <summary>Uses that the vote is linear in the labels. Speaks of the smoothed classifier.</summary>
    Structured,

    /// <summary>The largest radius there is, for the head itself without smoothing.</summary>
    Exact,

    /// <summary>Half the gap of a vote of heads trained on disjoint parts of the training rows (SS-DPA, Levine and Feizi 2021). Speaks of that vote.</summary>
    Partition,

    /// <summary>Counts the flips that it takes to change each part's vote, instead of one for every part. Speaks of the same vote as <see cref="Partition"/>.</summary>
    WhiteBox,
}
