namespace CertiFlip;

/// <summary>
/// log(1 + x) to a few roundings for small x, which <see cref="double.LogP1"/> does not give: it computes log of the
/// rounded sum.
/// </summary>
internal static class LogOnePlus
{
    /// <summary>log(1 + <paramref name="x"/>) for x &gt; −1.</summary>
    /// <remarks>Kahan's correction: log(s)/(s−1) varies slowly, so the rounding of s = 1 + x all but cancels.</remarks>
    public static double Of(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));
    }
}
