using System.Text;
using CertiFlip.Data;

namespace CertiFlip.Onnx;

/// <summary>What has to be known of a model's bytes before ONNX Runtime gets them.</summary>
/// <remarks>
/// They are messages of Protocol Buffers: fields, each with a number and a type. Of all messages of ONNX only the way
/// to weights in other files and to what nodes compute is followed.
/// </remarks>
internal static class OnnxFile
{
    private const int Graph = 7, Initializer = 5, Node = 1, Output = 12, Attribute = 5;
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

    /// <summary>A model that gives out more of what its nodes compute.</summary>
    /// <param name="model">The file.</param>
    /// <param name="names">
    /// The names. What it gives out anyway and what no node computes are passed over: whoever asks for it finds out.
    /// </param>
    public static byte[] WithOutputs(byte[] model, IReadOnlyList<string> names)
    {
        HashSet<string> wanted = [.. names], computed = [];
        if (wanted.Count == 0)
            return model;
        foreach (Field field in FieldsOf(model).Where(field => field.Number == Graph && field.IsBytes))
        {
            ReadOnlyMemory<byte> graph = model.AsMemory(field.Content);
            foreach (Field part in FieldsOf(graph).Where(part => part.Number is Node or Output && part.IsBytes))
            {
                // A node has the names of what it computes in field 2, an output its name in field 1.
                foreach (Field name in FieldsOf(graph[part.Content]).Where(name => name.Number == (part.Number == Node ? 2 : 1)))
                {
                    string found = Encoding.UTF8.GetString(graph[part.Content][name.Content].Span);
                    if (part.Number == Node)
                        computed.Add(found);
                    else
                        wanted.Remove(found);
                }
            }
        }

        string[] missing = [.. names.Where(name => wanted.Remove(name) && computed.Contains(name))];
        if (missing.Length == 0)
            return model;

        // A field that comes again adds to what a message has: outputs of float32, whose shapes ONNX Runtime infers.
        using var more = new MemoryStream();
        more.Write(model);
        foreach (string name in missing)
            WriteField(more, Graph, Message((Output, Message((1, Encoding.UTF8.GetBytes(name)), (2, Message((1, [8, 1])))))));
        return more.ToArray();

        static byte[] Message(params ReadOnlySpan<(int Number, byte[] Content)> fields)
        {
            using var message = new MemoryStream();
            foreach ((int number, byte[] content) in fields)
                WriteField(message, number, content);
            return message.ToArray();
        }
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
