using System.CommandLine;
using System.Globalization;
using System.Net;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Hosting;
using CertiFlip.Onnx;
using Spectre.Console;

namespace CertiFlip.Cli.Commands.Models;

/// <summary><c>certiflip serve</c>: answers over HTTP with a trained model.</summary>
internal sealed class ServeCommand : Command
{
    private const string TokenVariable = "CERTIFLIP_TOKEN";
    private const int ShortestToken = 16;

    private readonly Option<string> _model =
        CommandOptions.File("--model", "The model to serve, saved by certiflip train.", required: true);
    private readonly Option<double?> _noise = CommandOptions.Noise();
    private readonly Option<IPAddress?> _host = HostOption();
    private readonly Option<int?> _port = Number("--port", "Port to listen on; 0 lets the system choose one. [default: 8080]", 0, 65535);
    private readonly Option<string> _tokenFile = CommandOptions.GuardedFile(
        "--token-file",
        $"File with the token that clients must send as Authorization: Bearer. [default: {TokenVariable} in the environment; none on a "
            + "loopback address]");
    private readonly Option<int?> _maxBody =
        Number("--max-body-bytes", "Largest body of a request, in bytes. [default: 4194304]", 1, 1 << 30);
    private readonly Option<int?> _maxRows = Number("--max-rows", "Most rows in a request. [default: 1000]", 1, 1_000_000);
    private readonly Option<int?> _maxConcurrent =
        Number("--max-concurrent", "Most requests that are certified at the same time. [default: one for each processor]", 1, 1024);
    private readonly Option<int?> _maxQueued =
        Number("--max-queued", "Most requests that wait for their turn; further ones are refused with 503. [default: 32]", 0, 100_000);
    private readonly Option<int?> _maxConnections = Number("--max-connections", "Most open connections. [default: 256]", 1, 100_000);
    private readonly Option<int?> _timeout = Number("--timeout", "Most seconds that a request may take. [default: 30]", 1, 3600);
    private readonly Option<bool> _noReload = new("--no-reload")
    {
        Description = "Keep the model that was loaded first, also when its file is replaced.",
    };
    private readonly IAnsiConsole _status;
    private readonly Interruption _interruption;

    public ServeCommand(IAnsiConsole status, Interruption interruption)
        : base("serve", "Serve certified predictions over HTTP, from a trained model.")
    {
        (_status, _interruption) = (status, interruption);
        this.AddOptions(
            [
                _model, _noise, _noReload, _host, _port, _tokenFile, _maxBody, _maxRows, _maxConcurrent, _maxQueued, _maxConnections,
                _timeout,
            ]);
        SetAction(Run);
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancellation)
    {
        ServeOptions options = OptionsFrom(parsed);
        if (options.Token is null && !IPAddress.IsLoopback(options.Host))
            throw new UsageException(
                $"--host '{options.Host}': other machines could connect; give a token with --token-file or {TokenVariable}, or leave "
                    + "--host out.");

        // Requests that run are finished first; what is left of them then is broken off.
        _interruption.Grace = options.StopTimeout + TimeSpan.FromSeconds(5);
        await ServeHost.RunAsync(options, served => Configure(served, parsed), cancellation);
        return ExitCode.Done;
    }

    private void Configure(CertiFlipOptions options, ParseResult parsed)
    {
        double? noise = parsed.GetValue(_noise);
        options.Model = parsed.GetRequiredValue(_model);
        options.Noise = noise;
        options.MaxBodyBytes = parsed.GetValue(_maxBody) ?? options.MaxBodyBytes;
        options.MaxRows = parsed.GetValue(_maxRows) ?? options.MaxRows;
        options.MaxConcurrent = parsed.GetValue(_maxConcurrent) ?? options.MaxConcurrent;
        options.MaxQueued = parsed.GetValue(_maxQueued) ?? options.MaxQueued;
        options.RequestTimeout = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : options.RequestTimeout;
        if (parsed.GetValue(_noReload))
            options.ReloadInterval = TimeSpan.Zero;
        options.UseRowMaps((kind, arrays) => OnnxRowMaps.Restore(kind, arrays));
        options.CheckModel(model => Check(model, noise));
    }

    /// <summary>What the command says of a model before it answers.</summary>
    /// <exception cref="UsageException">It cannot have the noise that was asked for.</exception>
    private void Check(TrainedModel model, double? noise)
    {
        MethodOptions.CheckNoise(noise, model);
        if (noise is { } q)
            RunData.CheckNoise(q, model.Labels.ClassCount, model.Training.LabelSource);
        if (model.Head.DependsOnLabels)
            _status.Complain("radii are conditional on λ, which --ridge paper computes from the labels.");
        if (model.Training.Pipeline is { DependsOnLabels: true })
            _status.Complain("the map that makes the features was trained on labels; radii hold against flips of other labels only.");
    }

    private ServeOptions OptionsFrom(ParseResult parsed)
    {
        var defaults = new ServeOptions();
        return defaults with
        {
            Host = parsed.GetValue(_host) ?? defaults.Host,
            Port = parsed.GetValue(_port) ?? defaults.Port,
            Token = Token(parsed.GetValue(_tokenFile)),
            MaxConnections = parsed.GetValue(_maxConnections) ?? defaults.MaxConnections,
        };
    }

    /// <summary>Never from the command line, which other users of the machine can read.</summary>
    private static string? Token(string? path)
    {
        string? token = path is null ? Environment.GetEnvironmentVariable(TokenVariable) : ReadToken(path);
        string source = path is null ? TokenVariable : $"--token-file '{path}'";
        return string.IsNullOrEmpty(token) && path is null ? null
            : token is { Length: >= ShortestToken } && token.All(c => c is > ' ' and <= '~') ? token
            : throw new UsageException(
                $"{source}: expected a token of at least {ShortestToken} printable characters without spaces, such as openssl rand -hex "
                    + "32 prints.");
    }

    private static string ReadToken(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataException($"{path}: the token cannot be read: {exception.Message}", exception);
        }
    }

    private static Option<IPAddress?> HostOption() => new("--host")
    {
        Description =
            "Address to listen on, such as 127.0.0.1 (also localhost), ::1 or 0.0.0.0; any but a loopback address needs a token. "
                + "[default: 127.0.0.1]",
        HelpName = "IP",
        CustomParser = result => OptionValue.Parse(result, "an IP address, such as 127.0.0.1 or 0.0.0.0, or localhost", text =>
            text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : !text.Contains('[', StringComparison.Ordinal) && IPAddress.TryParse(text, out IPAddress? address)
                ? address
                : null), // In brackets it would take a port, and forget it.
    };

    private static Option<int?> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => OptionValue.Parse<int?>(result, $"a whole number from {least} to {most}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                ? number
                : null),
    };
}
