using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;

namespace CertiFlip.Cli.Commands.Certify;

/// <summary>What one run of <c>certify</c> found out; every table, file and report is made from it.</summary>
/// <param name="Data">The data.</param>
/// <param name="Method">How it was asked.</param>
/// <param name="Outcome">What came out.</param>
internal sealed record CertifyResult(RunData Data, IMethod Method, MethodResult Outcome)
{
    /// <summary>A curve for each certificate, in the order asked for.</summary>
    public CurveSet Curves => field ??= new([.. Method.Certificates.Select(kind =>
        new Curve(kind.Name, kind.Name, CertifiedAccuracy.Of(kind, Outcome.Rows, Data.Truth)))], Data)
    { Collective = Collective };

    /// <summary>What is certified of all rows together, where that was asked for.</summary>
    public CollectiveCurve? Collective { get; init; }

    /// <summary>That of the exact certificate where it was asked for, or else the last.</summary>
    public Curve MainCurve => Curves.Curves.FirstOrDefault(curve => curve.Accuracy.Kind == CertificateKind.Exact) ?? Curves.Curves[^1];

    /// <summary>What is required of the run.</summary>
    public IReadOnlyList<Condition> Required { get; init; } = [];

    /// <summary>Whether that is met.</summary>
    public IReadOnlyList<Verdict> Verdicts => field ??= Required.Count == 0 ? [] : Verdict.Of(
        Required, Curves, MainCurve, (_, flips) => Collective!.Certificates.At(flips));

    /// <summary>What labels that are wrong at random do; null where no smoothed certificate was asked for.</summary>
    public RandomNoise? RandomNoise => RandomNoise.Of(Setting, Rows);

    /// <summary>What is survived of whoever owns the labels of a period; null where that was not asked for.</summary>
    public PeriodResult? Periods { get; init; }

    public IReadOnlyList<RowCertificates> Rows => Outcome.Rows;

    public Setting Setting => Outcome.Setting;

    /// <summary>The class of a prediction as it came in, empty for an abstention.</summary>
    public string NameOf(int prediction) => prediction < 0 ? "" : Data.Classes[prediction];
}
