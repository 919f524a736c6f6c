using System.Collections;
using System.Globalization;
using CertiFlip.Cli.Output;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CertiFlip.Cli.Commands.Models;

/// <summary>
/// Sends metrics and traces to a collector, where OpenTelemetry's own environment variables name one. docs/telemetry.md
/// says which.
/// </summary>
internal static class OtlpExport
{
    private const string Prefix = "OTEL_", Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// What is read beside names and addresses: OpenTelemetry itself would go on with its own value without a word.
    /// </summary>
    private static readonly Variable[] _variables =
    [
        new("OTEL_SDK_DISABLED", "true or false", text => bool.TryParse(text, out _)),
        .. OfSignals("PROTOCOL", name => Variable.OneOf(name, "grpc", "http/protobuf")),
        .. OfSignals("COMPRESSION", name => Variable.OneOf(name, "gzip", "none")),
        .. OfSignals("TIMEOUT", Variable.Milliseconds),
        .. OfSignals("HEADERS", name => Variable.Pairs(name) with { IsSecret = true }),
        Variable.File("OTEL_EXPORTER_OTLP_CERTIFICATE"),
        Variable.File("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"),
        Variable.File("OTEL_EXPORTER_OTLP_CLIENT_KEY"),
        Variable.Pairs("OTEL_RESOURCE_ATTRIBUTES"),
        Variable.Milliseconds("OTEL_METRIC_EXPORT_INTERVAL"),
        Variable.Milliseconds("OTEL_METRIC_EXPORT_TIMEOUT"),
        Variable.OneOf("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "cumulative", "delta", "lowmemory"),
        Variable.OneOf("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
            "explicit_bucket_histogram", "base2_exponential_bucket_histogram"),
        Variable.OneOf("OTEL_METRICS_EXEMPLAR_FILTER", "always_on", "always_off", "trace_based"),
        Variable.OneOf("OTEL_TRACES_SAMPLER", "always_on", "always_off", "traceidratio", "parentbased_always_on",
            "parentbased_always_off", "parentbased_traceidratio"),
        new("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1", text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1),
        Variable.Milliseconds("OTEL_BSP_SCHEDULE_DELAY"),
        Variable.Milliseconds("OTEL_BSP_EXPORT_TIMEOUT"),
        Variable.Whole("OTEL_BSP_MAX_QUEUE_SIZE", 1),
        Variable.Whole("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 1),
        .. from limit in (string[])["ATTRIBUTE_COUNT", "ATTRIBUTE_VALUE_LENGTH", "SPAN_ATTRIBUTE_COUNT", "SPAN_ATTRIBUTE_VALUE_LENGTH",
               "SPAN_EVENT_COUNT", "SPAN_LINK_COUNT", "EVENT_ATTRIBUTE_COUNT", "LINK_ATTRIBUTE_COUNT"]
           select Variable.Whole($"OTEL_{limit}_LIMIT", 0),
    ];

    /// <exception cref="UsageException">A variable has a value that nothing can be made of.</exception>
    public static void AddTo(WebApplicationBuilder builder)
    {
        Dictionary<string, string?> variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => variable is { Key: string name, Value: string and not "" }
                && name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
        if (variables.GetValueOrDefault("OTEL_SDK_DISABLED") is { } disabled && disabled.Equals("true", StringComparison.OrdinalIgnoreCase))
            return;
        bool hasMetrics = IsWanted(variables, "METRICS"), hasTraces = IsWanted(variables, "TRACES");
        if (!hasMetrics && !hasTraces)
            return;
        foreach (Variable variable in _variables)
            variable.RefuseOther(variables.GetValueOrDefault(variable.Name));

        // Where the exporter looks for them: what else is in the environment stays out of the configuration.
        builder.Configuration.AddInMemoryCollection(variables);
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.Clear()
            .AddService("certiflip", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3))
            .AddTelemetrySdk().AddEnvironmentVariableDetector());
        if (hasMetrics)
        {
            telemetry.WithMetrics(metrics => metrics
                .AddMeter(CertiFlipTelemetry.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddOtlpExporter());
        }

        if (hasTraces)
            telemetry.WithTracing(traces => traces.AddSource(CertiFlipTelemetry.Name, "Microsoft.AspNetCore").AddOtlpExporter());
    }

    private static bool IsWanted(Dictionary<string, string?> variables, string signal)
    {
        string exporter = $"OTEL_{signal}_EXPORTER", own = $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
        if (variables.GetValueOrDefault(exporter) is { } chosen && chosen != "otlp")
            return chosen == "none" ? false : throw new UsageException($"{exporter} is '{chosen}': expected otlp or none.");
        string name = variables.ContainsKey(own) ? own : Endpoint;
        if (variables.GetValueOrDefault(name) is not { } address)
            return false;
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
            ? true
            : throw new UsageException($"{name} is '{address}': expected the address of a collector, such as http://localhost:4318.");
    }

    /// <summary>For both signals, and for each alone.</summary>
    private static IEnumerable<Variable> OfSignals(string setting, Func<string, Variable> variable) =>
        from signal in (string[])["", "METRICS_", "TRACES_"]
        select variable($"OTEL_EXPORTER_OTLP_{signal}{setting}");

    /// <summary>A variable that is read.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Expected">What its value may be, in words.</param>
    /// <param name="IsGood">Whether a value is that.</param>
    private sealed record Variable(string Name, string Expected, Func<string, bool> IsGood)
    {
        /// <summary>Whether its value may hold keys, and is shown to nobody.</summary>
        public bool IsSecret { get; init; }

        public static Variable OneOf(string name, params string[] values) =>
            new(name, $"{string.Join(", ", values[..^1])} or {values[^1]}", values.Contains);

        public static Variable Whole(string name, int least) => new(name, $"a whole number from {least} to {int.MaxValue}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least);

        public static Variable Milliseconds(string name) => Whole(name, 1) with { Expected = "milliseconds, a whole number above 0" };

        public static Variable Pairs(string name) => new(name, "name=value, or several with commas between them", text =>
            Array.TrueForAll(text.Split(','), pair => Uri.UnescapeDataString(pair).Trim().IndexOf('=', StringComparison.Ordinal) > 0));

        public static Variable File(string name) => new(name, "a file", System.IO.File.Exists);

        public void RefuseOther(string? value)
        {
            if (value is not null && !IsGood(value))
                throw new UsageException($"{Name} is {(IsSecret ? "something else" : $"'{value}'")}: expected {Expected}.");
        }
    }
}
