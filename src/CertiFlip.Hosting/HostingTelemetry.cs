using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CertiFlip.Hosting;

/// <summary>
/// What a host says of its requests, beside what the library says of its work. docs/telemetry.md lists all.
/// </summary>
internal static class HostingTelemetry
{
    private static readonly Meter Meter = new(CertiFlipTelemetry.Name);

    private static readonly UpDownCounter<long> Waiting = Meter.CreateUpDownCounter<long>(
        "certiflip.queue.length", "{request}", "Requests that wait for their turn.");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "certiflip.refusals", "{request}", "Requests that were answered without certificates.");

    private static readonly Counter<long> Loads = Meter.CreateCounter<long>(
        "certiflip.model.loads", "{load}", "How often a model's file was loaded.");

    public static void Refuse(ServedModel served, string reason)
    {
        if (Refusals.Enabled)
            Refusals.Add(1, Tags(served, "certiflip.refusal.reason", reason));
    }

    public static void CountLoad(ServedModel served, bool isGood)
    {
        if (Loads.Enabled)
            Loads.Add(1, Tags(served, "certiflip.load.outcome", isGood ? "loaded" : "refused"));
    }

    /// <summary>With the name of the model, where models have names.</summary>
    private static TagList Tags(ServedModel served, string? tag = null, string? value = null)
    {
        var tags = new TagList();
        if (tag is not null)
            tags.Add(tag, value);
        if (served.Name.Length > 0)
            tags.Add("certiflip.model.name", served.Name);
        return tags;
    }

    /// <summary>A place in the queue, until it is disposed.</summary>
    public readonly struct QueuePlace : IDisposable
    {
        private readonly ServedModel _served;

        public QueuePlace(ServedModel served)
        {
            _served = served;
            Waiting.Add(1, Tags(served));
        }

        public void Dispose() => Waiting.Add(-1, Tags(_served));
    }
}
