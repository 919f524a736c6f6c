using System.Reflection;
using CertiFlip.Cli.Output;
using CertiFlip.Paper.Experiments;

namespace CertiFlip.Cli.Reproducing;

/// <summary><c>manifest.json</c>: what a reproduction was made from and how. docs/command.md describes it.</summary>
internal static class ReproductionManifest
{
    public static void Write(TextWriter writer, ReproductionResult result, DateTimeOffset started, TimeSpan elapsed)
    {
        ExperimentOptions options = result.Options;
        writer.WriteLine(JsonText.Of(new Manifest(
            result.Experiment.Name,
            typeof(ReproductionManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion,
            new Chosen(
                options.Ridge.Text, options.Noises, Finite(options.Components), Finite(options.TestRows), Finite(options.AttackedRows), options.Epochs,
                $"{options.TextMap}", options.Seed, options.Threads),
            result.Reproduction.ConditionalOnLambda,
            [.. result.Files.Select(file => new DataFile(file.File.Path, file.Sha256, file.IsKnown))],
            started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            elapsed.TotalSeconds)));
    }

    /// <summary>Null for all there are.</summary>
    private static int? Finite(int count) => count == int.MaxValue ? null : count;

    private sealed record Manifest(
        string Experiment, string Version, Chosen Options, bool ConditionalOnLambda, IReadOnlyList<DataFile> Data, string Started, double Seconds);

    private sealed record Chosen(
        string Ridge, IReadOnlyList<double> Noise, int? Components, int? TestRows, int? AttackedRows, int Epochs, string TextMap, ulong Seed, int Threads);

    private sealed record DataFile(string Path, string Sha256, bool Known);
}
