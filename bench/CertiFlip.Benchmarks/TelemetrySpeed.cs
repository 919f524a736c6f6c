using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace CertiFlip.Benchmarks;

/// <summary>
/// What telemetry costs: all certificates of a row among 1,198 with 64 features and ten classes, with nobody who
/// listens and with a listener to every meter and activity, in turn; and a stage of which nothing else is measured.
/// </summary>
internal static class TelemetrySpeed
{
    private const int Rows = 1198, Features = 64, Classes = 10, Calls = 300, Stages = 200_000, Runs = 15;

    public static int Run()
    {
        var random = new Random(1);
        var features = new FeatureMatrix(Rows, Features, [.. Enumerable.Range(0, Rows * Features).Select(_ => random.NextDouble())]);
        string[] labels = [.. Enumerable.Range(0, Rows).Select(row => $"{row % Classes}")];
        var options = new CertifierOptions { Noise = new Noise(0.1, Classes), Threads = 1 };
        var certifier = Certifier.Fit(new TrainingSet(features, labels), options);
        double[] test = [.. Enumerable.Range(0, Features).Select(_ => random.NextDouble())];
        Row();
        List<double> alone = [], heard = [];
        double stageAlone = double.MaxValue, stageHeard = double.MaxValue;
        for (int run = 0; run < Runs; run++)
        {
            alone.Add(Row());
            stageAlone = Math.Min(stageAlone, Stage());
            using var meters = new MeterListener { InstrumentPublished = (instrument, to) => to.EnableMeasurementEvents(instrument) };
            meters.SetMeasurementEventCallback<long>((_, _, _, _) => { });
            meters.SetMeasurementEventCallback<int>((_, _, _, _) => { });
            meters.SetMeasurementEventCallback<double>((_, _, _, _) => { });
            meters.Start();
            using var activities = new ActivityListener
            {
                ShouldListenTo = source => source.Name == CertiFlipTelemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            };
            ActivitySource.AddActivityListener(activities);
            heard.Add(Row());
            stageHeard = Math.Min(stageHeard, Stage());
        }

        Say("certificates of a row", alone.Min(), heard.Min());
        Say("a stage alone", stageAlone, stageHeard);
        return 0;

        double Row() => Nanoseconds(Calls, () => certifier.Certify(test));
        double Stage() => Nanoseconds(Stages, () => CertiFlipTelemetry.Begin("benchmark").Dispose());
    }

    private static void Say(string what, double alone, double heard) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what}: {alone:F0} ns with nobody who listens, {heard:F0} ns with a listener"));

    private static double Nanoseconds(int calls, Action call)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
            call();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / calls;
    }
}
