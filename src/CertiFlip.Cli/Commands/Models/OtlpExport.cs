using System.Collections;
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
}
