using CertiFlip.Smoothed;

namespace CertiFlip.Paper;

/// <summary>
/// Figure 5: the margin that the KL bound (10) and the tight bound (4) need for each number of flips, and the same
/// inverted.
/// </summary>
internal sealed class Bounds : IExperiment
{
    private const double Widest = -1e4;
    private const int Halvings = 100;
    private const int MostFlips = 200;

    // Where both are compared: the largest margin the figure shows.
    private const double ShownMargin = 0.999;

    public string Name => "bounds";

    public string Title => "Figure 5: margin against flips, KL and tight bound";

    public ExperimentOptions Defaults { get; } = new() { Noises = [0.05, 0.1, 0.2, 0.3, 0.4] };

    public IReadOnlyList<string> Choices { get; } = [nameof(ExperimentOptions.Noises)];

    public Reproduction Run(ExperimentRun run)
    {
        MarginCurve[] margins = [.. run.Options.Noises.SelectMany(Of)];
        (double Q, int Kl, int Tight)[] flips =
            [.. run.Options.Noises.Select(q => (q, FlipsAt(margins, "kl", q), FlipsAt(margins, "tight", q)))];
        return new Reproduction
        {
            Lead = $"At a margin of {ShownMargin:P1} the tight bound certifies "
                + $"{string.Join("; ", flips.Select(f => $"{f.Tight} flips where the KL bound certifies {f.Kl} (q = {f.Q})"))}.",
            Margins = margins,
            Claims =
            [
                .. flips.Select(f => new Claim(
                    $"flips certified at margin {ShownMargin:P1}, q = {f.Q}", "tight about twice KL", $"tight {f.Tight}, KL {f.Kl}")),
            ],
            Notes = ["No data enter: both bounds depend on the margin, on q and on nothing else."],
        };
    }

    private static IEnumerable<MarginCurve> Of(double q)
    {
        var noise = new Noise(q);
        var tight = new TightCertificate(noise, int.MaxValue);
        yield return Until(ShownMargin, "kl", q, r => LogThreshold(r, log => KlCertificate.Radius(log, noise, int.MaxValue)));
        yield return Until(ShownMargin, "tight", q, tight.LogThreshold);
    }

    /// <summary>Margins for r = 0, 1, … up to the first beyond what the figure shows.</summary>
    private static MarginCurve Until(double largest, string name, double q, Func<int, double> logThreshold)
    {
        List<double> margins = [];
        do
            margins.Add(-double.ExpM1(logThreshold(margins.Count)));
        while (margins[^1] <= largest && margins.Count < MostFlips);
        return new MarginCurve(name, q, margins);
    }

    /// <summary>The largest log B at which a radius reaches r, to many digits.</summary>
    private static double LogThreshold(int r, Func<double, int> radius)
    {
        if (r == 0)
            return -Math.Log(2);
        double low = Widest, high = -Math.Log(2);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = low + (high - low) / 2;
            (low, high) = radius(middle) >= r ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static int FlipsAt(IEnumerable<MarginCurve> margins, string name, double q) =>
        margins.Single(curve => curve.Name == name && curve.Noise == q).Margins.Count(margin => margin <= ShownMargin) - 1;
}
