using CertiFlip.Kernels;

namespace CertiFlip.Smoothed;

/// <summary>How the noisy labels of a class count in a vote between two classes, (23).</summary>
internal static class NoisyRole
{
    /// <summary>
    /// Smaller probabilities are raised to this one. That only raises a bound, and a block of factors cannot leave the
    /// range of a double.
    /// </summary>
    private const double Least = 1e-305;

    /// <summary>A label of the class that the vote is for.</summary>
    public static RoleProbabilities Winner(Noise noise) =>
        new(noise.Kept, OtherThanBoth(noise), Math.Max(Least, noise.Rival));

    /// <summary>A label of the class that the vote is against.</summary>
    public static RoleProbabilities Rival(Noise noise) =>
        new(Math.Max(Least, noise.Rival), OtherThanBoth(noise), noise.Kept);

    /// <summary>A label of any other class.</summary>
    public static RoleProbabilities Bystander(Noise noise)
    {
        double rival = Math.Max(Least, noise.Rival);
        return new RoleProbabilities(rival, 1 - 2 * noise.Rival, rival);
    }

    private static double OtherThanBoth(Noise noise) => noise.Rival * (noise.Classes - 2);
}
