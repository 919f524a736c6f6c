namespace CertiFlip.Kernels;

/// <summary>
/// How much a floating-point sum may be off. Every number a radius is read from is moved outward by one of these
/// margins first, so that rounding can only make a radius smaller. docs/soundness.md derives them.
/// </summary>
internal static class Rounding
{
    /// <summary>
    /// 2⁻⁵², twice the relative error of one rounding. The factor 2 covers all terms of second order.
    /// </summary>
    public const double Epsilon = 2.220446049250313e-16;

    /// <summary>How many registers a kernel adds up, at most, before it closes a block.</summary>
    public const int BlockLength = 256;

    /// <summary>
    /// The relative error, against the sum of magnitudes, of a sum of <paramref name="count"/> terms that a kernel
    /// takes in blocks: one rounding per register of a block, per block, and per lane when the lanes are added up.
    /// </summary>
    /// <param name="count">Number of terms.</param>
    /// <param name="parts">
    /// Number of parts that are summed apart, each with a last block that may be short, and then added up.
    /// </param>
    /// <param name="blockLength">The length of a block, at most <see cref="BlockLength"/>.</param>
    public static double OfBlockedSum(int count, int parts, int blockLength = BlockLength) =>
        (BlockLength + count / (double)blockLength + 2 * parts + 32) * Epsilon;
}
