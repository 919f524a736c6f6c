using System.Globalization;

namespace CertiFlip.Cli.Output;

/// <summary>Powers of ten, which the system's library may round differently from machine to machine.</summary>
internal static class PowerOfTen
{
    /// <summary>The double nearest to 10 to a power.</summary>
    public static double Nearest(int power) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"1e{power}"), CultureInfo.InvariantCulture);
}
