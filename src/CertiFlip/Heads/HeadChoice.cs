using System.Globalization;

namespace CertiFlip.Heads;

/// <summary>A head as a user writes it, with all that is chosen about it. The paper's rule for λ needs labels and noise before there is a head.</summary>
public sealed record HeadChoice
{
    private const int DefaultNeighbours = 10;

    private readonly Func<HeadChoice, FeatureMatrix, RidgeRule, ParallelOptions?, ILeaveOneOutHead> _fit;

    private HeadChoice(string text, Func<HeadChoice, FeatureMatrix, RidgeRule, ParallelOptions?, ILeaveOneOutHead> fit) => (Text, _fit) = (text, fit);

    /// <summary>The default, <c>ridge</c>.</summary>
    public static HeadChoice Default { get; } = TryParse("ridge")!;

    /// <summary>As written, for tables and reports.</summary>
    public string Text { get; }

    /// <summary>How λ is chosen, where <see cref="HasRidge"/>.</summary>
    public RidgeChoice Ridge { get; init; } = RidgeChoice.Default;

    /// <summary>Whether there is an intercept, where <see cref="HasIntercept"/>.</summary>
    public Intercept Intercept { get; init; } = Intercept.Fitted;

    /// <summary>Gain and offset, where <see cref="HasSaturation"/>.</summary>
    public SaturationOptions Saturation { get; init; } = new();

    /// <summary>Whether the head has a λ.</summary>
    public bool HasRidge { get; private init; }

    /// <summary>Whether one can choose to have an intercept.</summary>
    public bool HasIntercept { get; private init; }

    /// <summary>Whether the head has gain and offset.</summary>
    public bool HasSaturation { get; private init; }

    /// <summary>N of <c>knn</c>, else null.</summary>
    public int? Neighbours { get; private init; }

    /// <summary>H of <c>kernel:H</c>, null where it is derived from the features or the head has none.</summary>
    public double? Bandwidth { get; private init; }

    /// <summary>Whether anything of the head is computed from labels.</summary>
    public bool DependsOnLabels => HasRidge && Ridge.DependsOnLabels;

    /// <summary>
    /// Reads <c>ridge</c>, <c>saturated-ridge</c>, <c>knn[:N]</c> (N nearest neighbours, 10 if not given) or <c>kernel[:H]</c> (a Gaussian kernel of bandwidth H, derived from the features if not given).
    /// </summary>
    /// <param name="text">What the user wrote.</param>
    /// <returns>The choice, or null where it is none of these.</returns>
    public static HeadChoice? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(':') switch
        {
            ["ridge"] => new HeadChoice(text, static (choice, features, rule, parallel) => RidgeHead.Fit(features, rule, choice.Intercept, parallel)) { HasRidge = true, HasIntercept = true },
            ["saturated-ridge"] => new HeadChoice(text, static (choice, features, rule, parallel) => SaturatedRidgeHead.Fit(features, rule, choice.Saturation, parallel)) { HasRidge = true, HasSaturation = true },
            ["knn"] => NearestNeighbours(text, DefaultNeighbours),
            ["knn", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int neighbours) && neighbours > 0 => NearestNeighbours(text, neighbours),
            ["kernel"] => new HeadChoice(text, static (_, features, _, parallel) => KernelSmootherHead.Fit(features, parallel)),
            ["kernel", var number] when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double bandwidth) && bandwidth > 0 && double.IsFinite(bandwidth) =>
                new HeadChoice(text, static (choice, features, _, parallel) => KernelSmootherHead.Fit(features, choice.Bandwidth!.Value, parallel)) { Bandwidth = bandwidth },
            _ => null,
        };
    }

    /// <summary>Fits the head. With fewer rows than <see cref="Neighbours"/>, as in a small part of the training rows, all of them are neighbours.</summary>
    /// <param name="features">Training features (n × k), n at least 1.</param>
    /// <param name="rule">What <see cref="Ridge"/> says; of no effect without <see cref="HasRidge"/>.</param>
    /// <param name="parallel">How many threads may be used; as many as there are processors if not given. The result does not depend on it.</param>
    /// <exception cref="HeadException">
    /// There are no rows, XᵀX + λI is singular to working precision, or the rule does not apply to these features.
    /// </exception>
    public ILeaveOneOutHead Fit(FeatureMatrix features, RidgeRule rule, ParallelOptions? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        return _fit(this, features, rule, parallel);
    }

    private static HeadChoice NearestNeighbours(string text, int neighbours) => new(text, static (choice, features, _, parallel) =>
        NearestNeighboursHead.Fit(features, Math.Min(choice.Neighbours!.Value, Math.Max(features.Rows, 1)), parallel))
    {
        Neighbours = neighbours,
    };
}
