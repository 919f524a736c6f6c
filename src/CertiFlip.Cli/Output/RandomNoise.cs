using System.Globalization;

namespace CertiFlip.Cli.Output;

/// <summary>
/// What labels that are wrong at random do: for every row an upper bound on the probability that a classifier trained
/// on labels, each changed with probability q, gives another class than the smoothed vote. Whatever is shown is rounded
/// up.
/// </summary>
/// <param name="Setting">How certificates were made.</param>
/// <param name="Rate">q.</param>
/// <param name="Rows">The rows.</param>
internal sealed record RandomNoise(Setting Setting, double Rate, IReadOnlyList<RowCertificates> Rows)
{
    private const double Ln10 = 2.302585092994046;

    // More than exponentials, logarithms and divisions are off.
    private const double Up = 1e-14;

    /// <summary>Probabilities that rows are counted below, as powers of ten.</summary>
    public static IReadOnlyList<int> Powers { get; } = [-3, -6, -12];

    /// <summary>What trains on the labels.</summary>
    private string Classifier =>
        $"{(Setting.Confidence is null ? "the head" : "the learner")}{(Setting.ConditionalOnLambda ? ", its λ held fixed," : "")}";

    /// <summary>Null where no smoothed certificate was asked for.</summary>
    public static RandomNoise? Of(Setting setting, IReadOnlyList<RowCertificates> rows) =>
        setting.Noise is { } rate && rows.Count > 0 && !double.IsNaN(rows[0].LogChange) ? new RandomNoise(setting, rate, rows) : null;

    /// <summary>The share of rows whose probability is below a power of ten.</summary>
    public double ShareBelow(int power) => Rows.Count(row => IsBelow(row.LogChange, power)) / (double)Rows.Count;

    /// <summary>All of it in a sentence.</summary>
    public string Sentence
    {
        get
        {
            string[] shares = [.. Powers.Reverse().Select(power => $"below {Power(power)} on {Format.Percent(ShareBelow(power))}")];
            string confidence = Setting.Confidence is { } c ? $" Each holds with confidence {c}." : "";
            return $"With each label wrong at random with probability {InPercent(Rate)}, {Classifier} gives another class with "
                + $"probability {string.Join(", ", shares)} of the rows.{confidence}";
        }
    }

    /// <summary>
    /// The same of one row and the class that is predicted for it; empty where the smoothed vote predicts another.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="prediction">The class.</param>
    public string OfRow(int row, int prediction) =>
        Rows[row].Certificates.Any(certificate => certificate.Kind.NeedsNoise && certificate.Prediction == prediction)
            ? $"With each label wrong at random with probability {InPercent(Rate)}, it changes with a probability "
                + $"{Probability(Rows[row].LogChange)}."
            : "";

    /// <summary>A probability in words that are never too small.</summary>
    /// <param name="log">The log of an upper bound on it.</param>
    public static string Probability(double log)
    {
        if (double.IsNegativeInfinity(log))
            return "of 0: no labels change it";
        int power = (int)Math.Floor(-log / Ln10 * (1 - Up));
        if (power >= Math.Abs(Powers[0]))
            return $"below {Power(-power)}";
        double bound = Arithmetic.Exp(log) * (1 + Up);
        double digits = bound < 0.1 ? 1000 : 100;
        double rounded = Math.Ceiling(bound * digits) / digits;
        return rounded < 1 ? $"of at most {rounded.ToString(CultureInfo.InvariantCulture)}" : "that is not bounded below 1";
    }

    /// <summary>A power of ten.</summary>
    public static string Power(int power) =>
        "10" + string.Concat(power.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));

    private static bool IsBelow(double log, int power) => log < power * Ln10 * (1 + Up);

    private static string InPercent(double rate) => $"{((decimal)rate * 100).ToString("0.############", CultureInfo.InvariantCulture)} %";
}

/// <summary>Random noise as JSON.</summary>
/// <param name="Rate">q, the probability with which each label is wrong.</param>
/// <param name="RowsBelow">The shares of rows that change with less than a probability.</param>
internal sealed record RandomNoiseJson(double Rate, IReadOnlyList<RandomNoiseJson.Share> RowsBelow)
{
    /// <summary>Null where there is none.</summary>
    public static RandomNoiseJson? Of(RandomNoise? noise) => noise is null ? null : new RandomNoiseJson(
        noise.Rate, [.. RandomNoise.Powers.Select(power => new Share(PowerOfTen.Nearest(power), noise.ShareBelow(power)))]);

    /// <summary>The share of rows whose probability of another class is below one.</summary>
    /// <param name="Probability">The probability.</param>
    /// <param name="Value">The share of rows.</param>
    internal sealed record Share(double Probability, double Value);
}
