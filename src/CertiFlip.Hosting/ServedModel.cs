using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using CertiFlip.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CertiFlip.Hosting;

/// <summary>
/// The model that a host serves. It is loaded when the host starts, and again whenever its file is replaced: a good
/// file takes over for the next request, a bad one leaves everything as it was. Requests keep the model that they
/// began with.
/// </summary>
/// <remarks>Ask the services for it, to certify in endpoints of your own. Safe to use from several threads.</remarks>
public sealed partial class ServedModel : IDisposable
{
    private readonly CertiFlipOptions _options;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly ConcurrencyLimiter _limiter;
    private readonly BodyMemory _memory;
    private volatile ModelState _state = new(null, "No model has been loaded yet.");

    internal ServedModel(string name, CertiFlipOptions options, IHostEnvironment? environment, ILogger logger)
    {
        (Name, _options, _logger) = (name, options, logger);
        string root = environment?.ContentRootPath ?? Environment.CurrentDirectory;
        bool isBelow = Path.TrimEndingDirectorySeparator(root) == Environment.CurrentDirectory;
        _path = isBelow ? options.Model : Path.Combine(root, options.Model);
        _memory = new BodyMemory(options.MaxHeldBytes);
        _limiter = new ConcurrencyLimiter(
            new ConcurrencyLimiterOptions { PermitLimit = options.MaxConcurrent, QueueLimit = options.MaxQueued });
    }

    /// <summary>What it was called in <c>AddCertiFlip</c>; empty for the one without a name.</summary>
    public string Name { get; }

    /// <summary>The model that answers now; null until one was loaded.</summary>
    public LoadedModel? Current => _state.Loaded;

    /// <summary>
    /// Why the file is not what answers: it is gone, cannot be read, or is no good model. Null where all is well.
    /// </summary>
    public string? Problem => _state.Problem;

    internal CertiFlipOptions Options => _options;

    internal BodyMemory Memory => _memory;

    /// <summary>Both at once, as they belong together.</summary>
    internal ModelState State => _state;

    /// <inheritdoc/>
    public void Dispose()
    {
        _limiter.Dispose();
        _memory.Dispose();
    }

    /// <summary>
    /// Certifies a batch when its turn comes. It is parsed only then: the parsed rows take many times the memory.
    /// </summary>
    /// <param name="model">The model to answer with.</param>
    /// <param name="body">The request's body, whole.</param>
    /// <param name="cancellationToken">Stops waiting and work.</param>
    /// <returns>The answer, or null where too many are waiting.</returns>
    /// <exception cref="BadRequestException">It is no request, or its answer would be too long.</exception>
    /// <exception cref="HeadException">
    /// A row is so far from the training rows that it cannot be compared with them.
    /// </exception>
    internal async Task<CertifyResponse?> TryCertify(
        LoadedModel model, ReadOnlySequence<byte> body, CancellationToken cancellationToken)
    {
        using RateLimitLease lease = await Acquire(cancellationToken).ConfigureAwait(false);
        if (!lease.IsAcquired)
            return null;
        return await Task.Run(() => model.Certify(Parse(model, body), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<RateLimitLease> Acquire(CancellationToken cancellationToken)
    {
        ValueTask<RateLimitLease> turn = _limiter.AcquireAsync(1, cancellationToken);
        if (turn.IsCompleted)
            return await turn.ConfigureAwait(false);
        using CertiFlipTelemetry.Stage wait = CertiFlipTelemetry.Begin("wait");
        using var place = new HostingTelemetry.QueuePlace(this);
        return await turn.ConfigureAwait(false);
    }

    private CertifyRequest Parse(LoadedModel model, ReadOnlySequence<byte> body)
    {
        using CertiFlipTelemetry.Stage parse = CertiFlipTelemetry.Begin("parse");
        return CertifyRequest.Read(body, model.Shape, _options.MaxRows);
    }

    /// <exception cref="DataException">It is no good model.</exception>
    private LoadedModel Load()
    {
        using CertiFlipTelemetry.Stage load = CertiFlipTelemetry.Begin("load_model");
        StoredModel stored = StoredModel.Read(_path);
        TrainedModel model = TrainedModelFile.Restore(stored, rowMaps: _options.RowMaps);
        _options.Check?.Invoke(model);
        return new LoadedModel(model, stored.Checksum!, _options);
    }

    /// <summary>A model that answers, if there is one, and what is wrong with its file, if something is.</summary>
    internal sealed record ModelState(LoadedModel? Loaded, string? Problem);

    /// <summary>What tells one state of a file from another; links are followed.</summary>
    /// <remarks>
    /// A model file ends with checksums of what is in it: files of one length and time differ there.
    /// </remarks>
    private sealed record FileStamp(string Path, long Length, DateTime Written, string End)
    {
        /// <summary>Null where there is no file, or one that is a pipe or empty.</summary>
        public static FileStamp? Of(string path)
        {
            try
            {
                var file = new FileInfo(path);
                if (file.LinkTarget is not null)
                    file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
                return file is { Exists: true, Length: > 0 }
                    ? new FileStamp(file.FullName, file.Length, file.LastWriteTimeUtc, EndOf(file))
                    : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        private static string EndOf(FileInfo file)
        {
            const int Bytes = 4096;
            Span<byte> end = stackalloc byte[Bytes];
            using FileStream stream = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = Math.Max(0, stream.Length - Bytes);
            return Convert.ToHexString(SHA256.HashData(end[..stream.ReadAtLeast(end, Bytes, throwOnEndOfStream: false)]));
        }
    }

    /// <summary>Loads the model when the host starts, and looks at its file from then on.</summary>
    internal sealed class Watch(ServedModel served) : BackgroundService
    {
        private FileStamp? _seen;
        private FileStamp? _tried;
        private string? _problem;

        /// <exception cref="DataException">There must be a good model, and there is none.</exception>
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            _seen = FileStamp.Of(served._path);
            try
            {
                // One that is replaced while it is read is read again.
                while (!await TryLoad(cancellationToken).ConfigureAwait(false))
                    _seen = FileStamp.Of(served._path);
            }
            catch (Exception exception) when (!served._options.RequireModelAtStart && exception is not OperationCanceledException)
            {
                Tell(exception.Message);
            }

            await base.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            // What came through a pipe does not come again.
            bool isPipe = _seen is null && served.Current is not null;
            if (served._options.ReloadInterval == TimeSpan.Zero || isPipe)
                return;
            using var timer = new PeriodicTimer(served._options.ReloadInterval);
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                try
                {
                    await Look(stoppingToken).ConfigureAwait(false);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    Tell(exception.Message);
                }
            }
        }

        private async Task Look(CancellationToken cancellationToken)
        {
            FileStamp? stamp = FileStamp.Of(served._path);
            bool hasSettled = stamp == _seen;
            _seen = stamp;
            if (!hasSettled)
                return; // It may still be written.
            if (stamp is null)
                Tell($"{served._path}: the file is gone or empty.");
            else if (stamp == _tried)
                Tell(_problem);
            else
                await TryLoad(cancellationToken).ConfigureAwait(false);
        }

        /// <returns>Whether the file stayed the same meanwhile: otherwise nothing has been loaded.</returns>
        private async Task<bool> TryLoad(CancellationToken cancellationToken)
        {
            long start = Stopwatch.GetTimestamp();
            FileStamp? stamp = _seen;
            LoadedModel? loaded = null;
            try
            {
                loaded = await Task.Run(served.Load, cancellationToken).ConfigureAwait(false);
                _problem = null;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                _problem = exception.Message;
                if (FileStamp.Of(served._path) == stamp)
                {
                    HostingTelemetry.CountLoad(served, isGood: false);
                    // What the system refuses now it may allow later, while the file stays the same.
                    _tried = exception.InnerException is IOException or UnauthorizedAccessException ? null : stamp;
                    throw;
                }
            }

            if (loaded is null || FileStamp.Of(served._path) != stamp)
                return false;
            (_tried, served._state) = (stamp, new ModelState(loaded, null));
            HostingTelemetry.CountLoad(served, isGood: true);
            double milliseconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1);
            Loaded(served._logger, loaded.Id, served._path, loaded.Model.Head.TrainingRows, milliseconds);
            return true;
        }

        /// <summary>Says what is wrong, once.</summary>
        private void Tell(string? problem)
        {
            ModelState state = served._state;
            if (state.Problem == problem)
                return;
            served._state = state with { Problem = problem };
            if (problem is null)
                IsWellAgain(served._logger, state.Loaded!.Id);
            else
                IsBad(served._logger, state.Loaded?.Id ?? "none", problem);
        }
    }

    [LoggerMessage(11, LogLevel.Information, "Loaded the model {Model} from {File}, {Rows} training rows, in {Milliseconds} ms")]
    private static partial void Loaded(ILogger logger, string model, string file, int rows, double milliseconds);

    [LoggerMessage(12, LogLevel.Error, "The model's file is not served, {Model} still answers: {Problem}")]
    private static partial void IsBad(ILogger logger, string model, string problem);

    [LoggerMessage(13, LogLevel.Information, "The model's file is that of {Model} again")]
    private static partial void IsWellAgain(ILogger logger, string model);
}
