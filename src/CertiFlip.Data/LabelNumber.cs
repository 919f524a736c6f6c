using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace CertiFlip.Data;

/// <summary>A label that is a number, exactly: <paramref name="Digits"/> × 10^<paramref name="Exponent"/>, the digits not ending in 0.</summary>
internal readonly partial record struct LabelNumber(BigInteger Digits, int Exponent) : IComparable<LabelNumber>
{
    // Longer ones are names made of digits rather than numbers, and would be slow to compare.
    private const int LongestNumber = 400;

    /// <summary>Whether the label is a decimal number, such as 7, -0.50 or 1e-5.</summary>
    public static bool TryParse(string label, out LabelNumber number)
    {
        number = default;
        if (label.Length > LongestNumber || Pattern().Match(label) is not { Success: true } match)
            return false;
        string fraction = match.Groups["fraction"].Value;
        string digits = (match.Groups["whole"].Value + fraction).TrimStart('0');
        string significant = digits.TrimEnd('0');
        if (significant.Length == 0)
            return true;
        int written = match.Groups["exponent"] is { Success: true } e ? int.Parse(e.Value, CultureInfo.InvariantCulture) : 0;
        BigInteger value = BigInteger.Parse(significant, CultureInfo.InvariantCulture);
        number = new LabelNumber(label[0] == '-' ? -value : value, written - fraction.Length + digits.Length - significant.Length);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(LabelNumber other)
    {
        int scale = Math.Min(Exponent, other.Exponent);
        return ScaledBy(scale).CompareTo(other.ScaledBy(scale));
    }

    /// <summary>One text for all spellings of the number.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Digits}e{Exponent}");

    private BigInteger ScaledBy(int scale) => Digits * BigInteger.Pow(10, Exponent - scale);

    [GeneratedRegex(@"^[+-]?(?=\.?[0-9])(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]{1,3}))?\z")]
    private static partial Regex Pattern();
}
