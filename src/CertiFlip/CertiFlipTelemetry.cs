using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CertiFlip;

/// <summary>
/// What CertiFlip says of its work to whoever listens, by .NET's own meters and activities: docs/telemetry.md lists the
/// names. If nobody listens, it costs a few nanoseconds for each batch.
/// </summary>
public static class CertiFlipTelemetry
{
    /// <summary>The name of the meters and of the activity source of every package of CertiFlip.</summary>
    public const string Name = "CertiFlip";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Activities = new(Name);

    private static readonly Counter<long> Rows = Meter.CreateCounter<long>("certiflip.rows", "{row}", "Rows that were certified.");

    private static readonly Histogram<double> Durations = Meter.CreateHistogram(
        "certiflip.stage.duration", "s", "How long a stage of the work took.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000],
        });

    private static readonly Histogram<int> Radii = Meter.CreateHistogram(
        "certiflip.radius", "{label}", "How many wrong labels leave a prediction unchanged.", advice: new InstrumentAdvice<int>
        {
            HistogramBucketBoundaries = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
        });

    /// <summary>
    /// Begins a stage of the work. Its time goes into the histogram <c>certiflip.stage.duration</c>, and it is an
    /// activity. Stages of your own, such as the computation of embeddings, stand beside those of CertiFlip.
    /// </summary>
    /// <param name="stage">
    /// Its name, one of few: every name is a series of its own for whoever keeps the numbers.
    /// </param>
    /// <returns>The stage, which ends when it is disposed.</returns>
    public static Stage Begin(string stage) => new(
        stage,
        Durations.Enabled ? Stopwatch.GetTimestamp() : 0,
        Activities.HasListeners() ? Activities.StartActivity($"certiflip {stage}") : null);

    /// <summary>Counts rows that were certified, with their radii.</summary>
    internal static void Count(IReadOnlyList<RowCertificates> rows)
    {
        Rows.Add(rows.Count);
        if (!Radii.Enabled)
            return;
        foreach (Certificate certificate in rows.SelectMany(row => row.Certificates))
        {
            if (!certificate.Radius.IsAny)
            {
                Radii.Record(
                    certificate.Radius.Budget,
                    new KeyValuePair<string, object?>("certiflip.certificate", certificate.Kind.Name),
                    new KeyValuePair<string, object?>("certiflip.certified", certificate.IsCertified));
            }
        }
    }

    /// <summary>Counts rows that were certified, without radii.</summary>
    internal static void Count(int rows) => Rows.Add(rows);

    /// <summary>A stage of the work, until it is disposed.</summary>
    public readonly struct Stage : IDisposable
    {
        private readonly string _name;
        private readonly long _start;
        private readonly Activity? _activity;

        internal Stage(string name, long start, Activity? activity) => (_name, _start, _activity) = (name, start, activity);

        /// <summary>Says how much is worked on: the tag <c>certiflip.rows</c> of the activity.</summary>
        /// <param name="rows">The number of rows.</param>
        public Stage Of(int rows)
        {
            _activity?.SetTag("certiflip.rows", rows);
            return this;
        }

        /// <summary>Ends the stage.</summary>
        public void Dispose()
        {
            if (_start != 0)
            {
                Durations.Record(
                    Stopwatch.GetElapsedTime(_start).TotalSeconds, new KeyValuePair<string, object?>("certiflip.stage", _name));
            }

            _activity?.Dispose();
        }
    }
}
