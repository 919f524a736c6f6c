using System.Runtime.InteropServices;
using System.Text;

namespace CertiFlip.Testing;

/// <summary>Writes small ONNX models, field by field of their Protocol Buffers.</summary>
internal sealed class TinyModel
{
    private const int Single = 1, Long = 7;
    private readonly List<byte[]> _graph = [];
    private readonly List<byte[]> _metadata = [];

    /// <summary>
    /// A model of images with k = 3: the mean of each channel over the picture. With a side of 0, any size is taken.
    /// </summary>
    public static TinyModel OfImages(int side = 4, int batch = 0, bool isLast = false, bool isPooled = true)
    {
        long[] shape = isLast ? [batch, side, side, 3] : [batch, 3, side, side];
        TinyModel model = new TinyModel().Input("images", Single, shape);
        string planes = "images";
        if (isLast)
        {
            model.Node("Transpose", ["images"], "planes", Longs("perm", 0, 3, 1, 2));
            planes = "planes";
        }

        if (!isPooled)
            return model.Node("Relu", [planes], "map").Output("map", Single, batch, 3, side, side);
        return model.Node("GlobalAveragePool", [planes], "pooled").Node("Flatten", ["pooled"], "features")
            .Output("features", Single, batch, 3);
    }

    /// <summary>A model of texts: each token's vector is that of a table, times its mask.</summary>
    public static TinyModel OfTexts(float[] table, int columns, int length = 0) => new TinyModel()
        .Input("input_ids", Long, 0, length).Input("attention_mask", Long, 0, length)
        .Tensor("table", table, table.Length / columns, columns)
        .Node("Gather", ["table", "input_ids"], "vectors")
        .Node("Cast", ["attention_mask"], "mask", Number("to", Single))
        .Node("ReduceMean", ["mask"], "kept", Longs("axes", 1))
        .Node("Identity", ["vectors"], "last_hidden_state")
        .Output("last_hidden_state", Single, 0, length, columns).Output("kept", Single, 0, 1);

    public TinyModel Says(string name, string value)
    {
        _metadata.Add(Message(14, [.. Text(1, name), .. Text(2, value)]));
        return this;
    }

    public TinyModel Input(string name, int type, params long[] shape) => Add(11, Value(name, type, shape));

    public TinyModel Output(string name, int type, params long[] shape) => Add(12, Value(name, type, shape));

    public TinyModel Node(string operation, string[] inputs, string output, params byte[][] attributes) => Add(1,
    [
        .. inputs.SelectMany(input => Text(1, input)), .. Text(2, output), .. Text(4, operation),
        .. attributes.SelectMany(attribute => Message(5, attribute)),
    ]);

    public TinyModel Tensor(string name, float[] values, params long[] shape) =>
        Add(5, [.. Shape(shape), .. Text(8, name), .. Message(9, MemoryMarshal.AsBytes(values.AsSpan()).ToArray())]);

    /// <summary>A tensor whose numbers are in another file.</summary>
    public TinyModel Elsewhere(string name, string file, int offset, int length, params long[] shape) => Add(5,
    [
        .. Shape(shape), .. Text(8, name), .. Message(13, Pair("location", file)), .. Message(13, Pair("offset", $"{offset}")),
        .. Message(13, Pair("length", $"{length}")), .. Varint(14, 1),
    ]);

    public byte[] ToBytes() =>
    [
        .. Varint(1, 7), .. Text(2, "test"), .. Message(7, [.. Text(2, "graph"), .. _graph.SelectMany(part => part)]),
        .. Message(8, Varint(2, 13)), .. _metadata.SelectMany(part => part),
    ];

    private static byte[] Longs(string name, params long[] values) =>
        [.. Text(1, name), .. values.SelectMany(value => Varint(8, value)), .. Varint(20, 7)];

    public static byte[] Number(string name, long value) => [.. Text(1, name), .. Varint(3, value), .. Varint(20, 2)];

    private static byte[] Pair(string name, string value) => [.. Text(1, name), .. Text(2, value)];

    private static byte[] Shape(long[] shape) => [.. shape.SelectMany(length => Varint(1, length)), .. Varint(2, Single)];

    private static byte[] Value(string name, int type, long[] shape) =>
    [
        .. Text(1, name),
        .. Message(2, Message(1,
        [
            .. Varint(1, type),
            .. Message(2, [.. shape.SelectMany((length, i) => Message(1, length > 0 ? Varint(1, length) : Text(2, $"d{i}")))]),
        ])),
    ];

    private TinyModel Add(int field, byte[] content)
    {
        _graph.Add(Message(field, content));
        return this;
    }

    private static byte[] Text(int field, string text) => Message(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, byte[] content) =>
        [.. Coded((ulong)field << 3 | 2), .. Coded((ulong)content.Length), .. content];

    private static byte[] Varint(int field, long value) => [.. Coded((ulong)field << 3), .. Coded((ulong)value)];

    private static IEnumerable<byte> Coded(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value & 0x7F | 0x80);
        yield return (byte)value;
    }
}
