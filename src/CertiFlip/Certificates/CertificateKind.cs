namespace CertiFlip.Certificates;

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
}
