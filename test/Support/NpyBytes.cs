using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CertiFlip.Testing;

/// <summary>Writes .npy files, knowing nothing of the code that reads them.</summary>
internal static class NpyBytes
{
    /// <summary>An array given in the order in which it is stored.</summary>
    public static byte[] Array(string descr, int[] shape, IEnumerable<object> stored, bool fortran = false, int version = 1) =>
        WithHeader(Header(descr, shape, fortran), [.. stored.SelectMany(value => Element(descr, value))], version);

    public static byte[] Doubles(int rows, int columns, params double[] values) => Array("<f8", [rows, columns], values.Cast<object>());

    public static byte[] Text(string descr, params string[] values) => Array(descr, [values.Length], values);

    public static string Header(string descr, int[] shape, bool fortran = false) =>
        $"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}";

    public static byte[] WithHeader(string header, byte[] data, int version = 1)
    {
        int lengthBytes = version == 1 ? 2 : 4;
        int unpadded = 8 + lengthBytes + header.Length + 1;
        byte[] text = (version == 3 ? Encoding.UTF8 : Encoding.Latin1)
            .GetBytes(header + new string(' ', (64 - (unpadded % 64)) % 64) + "\n");
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length.AsSpan(0, lengthBytes), .. text, .. data];
    }

    private static byte[] Element(string descr, object value)
    {
        int size = int.Parse(descr.AsSpan(2), CultureInfo.InvariantCulture);
        byte[] little = descr[1] switch
        {
            'b' => [(bool)value ? (byte)1 : (byte)0],
            'i' => BitConverter.GetBytes(Convert.ToInt64(value, CultureInfo.InvariantCulture))[..size],
            'u' => BitConverter.GetBytes(Convert.ToUInt64(value, CultureInfo.InvariantCulture))[..size],
            'f' when size == 2 => BitConverter.GetBytes((Half)value),
            'f' when size == 4 => BitConverter.GetBytes((float)value),
            'f' => BitConverter.GetBytes((double)value),
            'U' => Encoding.UTF32.GetBytes(((string)value).PadRight(size, '\0')),
            'S' => Encoding.UTF8.GetBytes(((string)value).PadRight(size, '\0')),
            _ => throw new ArgumentException(descr),
        };
        if (descr[0] == '>')
        {
            int unit = descr[1] == 'U' ? 4 : size;
            for (int at = 0; at < little.Length; at += unit)
                System.Array.Reverse(little, at, unit);
        }
        return little;
    }
}
