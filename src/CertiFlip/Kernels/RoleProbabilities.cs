namespace CertiFlip.Kernels;

/// <summary>
/// How a noisy label counts in a vote between two classes, (23): for the first class, for neither, or for the second.
/// </summary>
/// <param name="For">P(+1).</param>
/// <param name="Neither">P(0).</param>
/// <param name="Against">P(−1).</param>
internal readonly record struct RoleProbabilities(double For, double Neither, double Against)
{
    /// <summary>
    /// Smaller probabilities are taken for this one, which only raises a bound, so that a block of factors cannot leave the range of a
    /// double.
    /// </summary>
    private const double Least = 1e-305;

    private const double LogLeastProduct = 690;

    /// <summary>How many factors of this role, each at least the smaller of For and Against, may be multiplied before a logarithm is due.</summary>
    public int MostFactors => Math.Clamp((int)(LogLeastProduct / -Math.Log(Math.Min(For, Against))), 1, Rounding.BlockLength);

    /// <summary>A label of the class that the vote is for.</summary>
    public static RoleProbabilities Winner(Noise noise) => new(noise.Kept, OtherThanBoth(noise), Math.Max(Least, noise.Rival));

    /// <summary>A label of the class that the vote is against.</summary>
    public static RoleProbabilities Rival(Noise noise) => new(Math.Max(Least, noise.Rival), OtherThanBoth(noise), noise.Kept);

    /// <summary>A label of any other class.</summary>
    public static RoleProbabilities Bystander(Noise noise) => new(Math.Max(Least, noise.Rival), 1 - 2 * noise.Rival, Math.Max(Least, noise.Rival));

    private static double OtherThanBoth(Noise noise) => noise.Rival * (noise.Classes - 2);
}
