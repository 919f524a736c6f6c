using System.Security.Cryptography;
using CertiFlip.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CertiFlip.Onnx;

/// <summary>A model in memory, and the session that runs it.</summary>
/// <remarks>
/// Every input is a run of its own on one thread, and many runs go on at once: what comes out for an input depends on
/// nothing but the input, neither on others in its batch nor on the number of threads. On processors, that is as fast
/// as batches.
/// </remarks>
internal sealed class OnnxModel : IDisposable
{
    private readonly string _source;
    private readonly IReadOnlyList<string> _inner;
    private readonly Lazy<InferenceSession> _session;
    private readonly Lazy<string> _hash;
    private long _runs;

    /// <param name="bytes">The file, without weights elsewhere.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="inner">
    /// What is to be an output too: names of what its nodes compute. Those that it gives out anyway may be among them.
    /// </param>
    public OnnxModel(byte[] bytes, string source, params IReadOnlyList<string> inner)
    {
        (Bytes, _source, _inner) = (bytes, source, inner);
        _hash = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(bytes)));
        _session = new Lazy<InferenceSession>(Open);
    }

    public byte[] Bytes { get; }

    /// <summary>SHA-256 of the file.</summary>
    public string Hash => _hash.Value;

    /// <summary>How often the model was run.</summary>
    public long Runs => Interlocked.Read(ref _runs);

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.Value.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.Value.OutputMetadata;

    /// <summary>What those who made the model wrote into it: names and values.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _session.Value.ModelMetadata.CustomMetadataMap;

    /// <summary>Runs the model.</summary>
    /// <param name="names">The names of the inputs.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The names of the outputs that are wanted.</param>
    /// <param name="take">
    /// Takes what is needed from an output: its place among those that are wanted, its numbers and its shape.
    /// </param>
    public void Run(
        IReadOnlyList<string> names, IReadOnlyList<OrtValue> inputs, IReadOnlyList<string> outputs,
        Action<int, ReadOnlySpan<float>, long[]> take)
    {
        Interlocked.Increment(ref _runs);
        try
        {
            // In a variable: the session does not keep it, and a collected one ends the process.
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> values = _session.Value.Run(options, names, inputs, outputs);
            for (int i = 0; i < values.Count; i++)
                take(i, values[i].GetTensorDataAsSpan<float>(), values[i].GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refuse($"the model cannot be run: {FirstLine(e)}", e);
        }
    }

    /// <summary>The one output that features can come from, or the one of this name.</summary>
    /// <param name="name">The name that was asked for, or null.</param>
    /// <param name="usual">Names that are taken before others, in this order.</param>
    /// <param name="ranks">How many dimensions an output may have, in the order in which they are preferred.</param>
    public string OutputOf(string? name, IReadOnlyList<string> usual, IReadOnlyList<int> ranks)
    {
        string all = Listed(Outputs);
        if (name is not null)
        {
            return !Outputs.TryGetValue(name, out NodeMetadata? chosen)
                ? throw Refuse($"the model has no output {DataException.Quote(name)}; its outputs are {all}.")
                : IsFeatures(chosen) ? name
                : throw Refuse($"output {DataException.Quote(name)} is {ShapeOf(chosen)}; features are float32 and a row for each input.");
        }

        string[] candidates = [.. Outputs.Where(output => IsFeatures(output.Value)).Select(output => output.Key)];
        if (usual.FirstOrDefault(candidates.Contains) is { } known)
            return known;
        foreach (int rank in ranks)
        {
            string[] found = [.. candidates.Where(output => Outputs[output].Dimensions.Length == rank)];
            if (found.Length == 1)
                return found[0];
            if (found.Length > 1)
                throw Refuse($"several outputs could be features: {all}; name one of them (option output).");
        }

        throw Refuse($"no output can be features, which are float32 and a row for each input; there are {all}.");

        bool IsFeatures(NodeMetadata output) => output.IsTensor && output.ElementDataType == TensorElementType.Float
            && ranks.Contains(output.Dimensions.Length) && output.Dimensions[0] is 1 or < 1;
    }

    /// <summary>Inputs or outputs with their types and shapes, as messages show them.</summary>
    public static string Listed(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Select(node => $"{DataException.Quote(node.Key)} {ShapeOf(node.Value)}"));

    /// <summary>The refusal of this model.</summary>
    public DataException Refuse(string problem, Exception? inner = null) => new($"{_source}: {problem}", inner);

    public void Dispose()
    {
        if (_session.IsValueCreated)
            _session.Value.Dispose();
    }

    private InferenceSession Open()
    {
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            return new InferenceSession(OnnxFile.WithOutputs(Bytes, _inner), options);
        }
        catch (OnnxRuntimeException e)
        {
            string how = _inner.Count == 0 ? "" : " with the outputs that are asked for, which have to be float32";
            throw Refuse($"ONNX Runtime does not take this model{how}: {FirstLine(e)}", e);
        }
        catch (InvalidDataException e)
        {
            throw Refuse("this is no ONNX model, or it is damaged.", e);
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw Refuse("ONNX Runtime has no build for this system, so that models cannot be run here.", e);
        }
    }

    private static string ShapeOf(NodeMetadata node)
    {
        if (!node.IsTensor)
            return "(no tensor)";
        string lengths = string.Join(", ", node.Dimensions.Select(length => length < 1 ? "?" : $"{length}"));
        return $"{node.ElementDataType.ToString().ToLowerInvariant()}[{lengths}]";
    }

    private static string FirstLine(OnnxRuntimeException e) => ShownText.Cut(e.Message.Split('\n')[0], 200);
}
