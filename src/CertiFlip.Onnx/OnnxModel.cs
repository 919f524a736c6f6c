using System.Security.Cryptography;
using System.Text;
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
    private readonly Lazy<InferenceSession> _session;
    private readonly Lazy<string> _hash;
    private long _runs;

    /// <param name="bytes">The file, without weights elsewhere.</param>
    /// <param name="source">What messages call it.</param>
    public OnnxModel(byte[] bytes, string source)
    {
        (Bytes, _source) = (bytes, source);
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
    /// <param name="output">The name of the output that is wanted.</param>
    /// <param name="take">Takes what is needed from the numbers and the shape of the output.</param>
    public void Run(IReadOnlyList<string> names, IReadOnlyList<OrtValue> inputs, string output, Action<ReadOnlySpan<float>, long[]> take)
    {
        Interlocked.Increment(ref _runs);
        try
        {
            // In a variable: the session does not keep it, and a collected one ends the process.
            using var options = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Value.Run(options, names, inputs, [output]);
            take(outputs[0].GetTensorDataAsSpan<float>(), outputs[0].GetTensorTypeAndShape().Shape);
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
            return new InferenceSession(Bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw Refuse($"ONNX Runtime does not take this model: {FirstLine(e)}", e);
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

/// <summary>What has to be known of a model's bytes before ONNX Runtime gets them.</summary>
/// <remarks>
/// They are messages of Protocol Buffers: fields, each with a number and a type. Of all messages of ONNX only the way
/// to weights in other files is followed.
/// </remarks>
internal static class OnnxFile
{
    private const int Graph = 7, Initializer = 5, Node = 1, Attribute = 5;
    private const int Raw = 9, External = 13, Location = 14;
    private const int MostDepth = 50;

    /// <summary>A model with all of its weights, so that it is whole wherever it is stored.</summary>
    /// <param name="model">The file.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="find">Reads a file beside the model, by its name.</param>
    /// <exception cref="DataException">It is no model, or weights are missing or not beside it.</exception>
    public static byte[] Whole(byte[] model, string source, Func<string, byte[]?> find)
    {
        try
        {
            bool isModel = false, isSplit = false;
            foreach (Field field in FieldsOf(model))
            {
                if (field.Number != Graph || !field.IsBytes)
                    continue;
                isModel = true;
                isSplit |= HasWeightsElsewhere(model.AsMemory(field.Content), 0);
            }

            if (!isModel)
                throw new InvalidDataException();
            return isSplit ? Copied(model, Graph, graph => WithWeights(graph, source, find)) : model;
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{source}: this is no ONNX model, or it is cut off; expected a file that torch.onnx.export, "
                + "optimum-cli export onnx or the like wrote.", e);
        }
    }

    /// <summary>The names of the files that a model's weights are in, where they are not in it.</summary>
    /// <param name="model">The file. If it is no model, there are none.</param>
    public static IEnumerable<string> FilesOf(ReadOnlyMemory<byte> model)
    {
        HashSet<string> names = [];
        try
        {
            foreach (Field graph in FieldsOf(model).Where(field => field.Number == Graph && field.IsBytes))
            {
                foreach (Field tensor in FieldsOf(model[graph.Content]).Where(field => field.Number == Initializer && field.IsBytes))
                {
                    ReadOnlyMemory<byte> content = model[graph.Content][tensor.Content];
                    foreach (Field field in FieldsOf(content).Where(field => field.Number == External && field.IsBytes))
                    {
                        if (EntryOf(content[field.Content]) is ("location", var name) && name == Path.GetFileName(name))
                            names.Add(name);
                    }
                }
            }
        }
        catch (InvalidDataException)
        {
            // Whoever reads it says that it is no model.
        }

        return names;
    }

    private static (string Name, string Value) EntryOf(ReadOnlyMemory<byte> entry)
    {
        Dictionary<int, string> pair = [];
        foreach (Field part in FieldsOf(entry).Where(part => part.IsBytes))
            pair[part.Number] = Encoding.UTF8.GetString(entry[part.Content].Span);
        return (pair.GetValueOrDefault(1, ""), pair.GetValueOrDefault(2, ""));
    }

    private static byte[] WithWeights(ReadOnlyMemory<byte> graph, string source, Func<string, byte[]?> find)
    {
        byte[] whole = Copied(graph, Initializer, tensor => Filled(tensor, source, find));
        return HasWeightsElsewhere(whole, 0)
            ? throw new DataException($"{source}: weights inside of a node are in other files; save the model in one file with "
                + "onnx.save(onnx.load(F), G).")
            : whole;
    }

    private static byte[] Filled(ReadOnlyMemory<byte> tensor, string source, Func<string, byte[]?> find)
    {
        Dictionary<string, string> entries = [];
        using var filled = new MemoryStream();
        foreach (Field field in FieldsOf(tensor))
        {
            if (field.Number == External && field.IsBytes)
            {
                (string entry, string value) = EntryOf(tensor[field.Content]);
                entries[entry] = value;
            }
            else if (field.Number is not (External or Location))
            {
                filled.Write(tensor[field.All].Span);
            }
        }

        if (entries.Count == 0)
            return tensor.ToArray();
        string name = entries.GetValueOrDefault("location", "");
        if (name.Length == 0 || name != Path.GetFileName(name) || name.Contains('\\') || name is "." or "..")
            throw new DataException(
                $"{source}: weights are in {DataException.Quote(name)}, which is not beside the model; it is not read.");
        byte[] file = find(name) ?? throw new DataException(
            $"{source}: weights are in the file {DataException.Quote(name)}, which is not beside the model; put it there.");
        if (!long.TryParse(entries.GetValueOrDefault("offset", "0"), out long offset) || offset < 0 || offset > file.Length
            || !long.TryParse(entries.GetValueOrDefault("length", $"{file.Length - offset}"), out long length)
            || length < 0 || length > file.Length - offset)
        {
            throw new DataException($"{source}: the file {DataException.Quote(name)} is too short for the weights that are in it; "
                + "copy it again.");
        }

        WriteField(filled, Raw, file.AsSpan((int)offset, (int)length));
        return filled.ToArray();
    }

    /// <summary>A message with every field of one number replaced.</summary>
    private static byte[] Copied(ReadOnlyMemory<byte> message, int number, Func<ReadOnlyMemory<byte>, byte[]> replace)
    {
        using var copy = new MemoryStream();
        foreach (Field field in FieldsOf(message))
        {
            if (field.Number == number && field.IsBytes)
                WriteField(copy, number, replace(message[field.Content]));
            else
                copy.Write(message[field.All].Span);
        }

        return copy.ToArray();
    }

    /// <summary>Whether a graph, or one within it, has a tensor that is stored elsewhere.</summary>
    private static bool HasWeightsElsewhere(ReadOnlyMemory<byte> graph, int depth)
    {
        if (depth > MostDepth)
            throw new InvalidDataException();
        foreach (Field field in FieldsOf(graph).Where(field => field.IsBytes))
        {
            ReadOnlyMemory<byte> content = graph[field.Content];
            if (field.Number == Initializer && IsElsewhere(content))
                return true;
            if (field.Number != Node)
                continue;
            foreach (Field attribute in FieldsOf(content).Where(part => part.Number == Attribute && part.IsBytes))
            {
                ReadOnlyMemory<byte> value = content[attribute.Content];
                foreach (Field part in FieldsOf(value).Where(part => part.IsBytes))
                {
                    // Tensors are fields 5 and 10, graphs 6 and 11.
                    if (part.Number is 5 or 10 && IsElsewhere(value[part.Content])
                        || part.Number is 6 or 11 && HasWeightsElsewhere(value[part.Content], depth + 1))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private static bool IsElsewhere(ReadOnlyMemory<byte> tensor) =>
        FieldsOf(tensor).Any(field => field.Number == External && field.IsBytes);

    private static void WriteField(MemoryStream stream, int number, ReadOnlySpan<byte> content)
    {
        WriteNumber((ulong)number << 3 | 2);
        WriteNumber((ulong)content.Length);
        stream.Write(content);

        void WriteNumber(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                stream.WriteByte((byte)(value & 0x7F | 0x80));
            stream.WriteByte((byte)value);
        }
    }

    private static IEnumerable<Field> FieldsOf(ReadOnlyMemory<byte> message)
    {
        for (int at = 0; at < message.Length;)
        {
            int start = at;
            ulong key = Number(message.Span, ref at);
            int begin = at, end;
            bool isBytes = (key & 7) == 2;
            switch (key & 7)
            {
                case 0:
                    Number(message.Span, ref at);
                    end = at;
                    break;
                case 1:
                    end = at + 8;
                    break;
                case 2:
                    ulong length = Number(message.Span, ref at);
                    begin = at;
                    end = length <= (ulong)(message.Length - at) ? at + (int)length : throw new InvalidDataException();
                    break;
                case 5:
                    end = at + 4;
                    break;
                default:
                    throw new InvalidDataException();
            }

            if (end > message.Length || key >> 3 is 0 or > int.MaxValue)
                throw new InvalidDataException();
            at = end;
            yield return new Field((int)(key >> 3), isBytes, begin..end, start..end);
        }
    }

    private static ulong Number(ReadOnlySpan<byte> message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= message.Length)
                throw new InvalidDataException();
            byte part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException();
    }

    private readonly record struct Field(int Number, bool IsBytes, Range Content, Range All);
}
