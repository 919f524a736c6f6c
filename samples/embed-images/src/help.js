export const HELP = `Runs an ONNX model over images and writes a row of features for each.

node embed-images.js --model M.onnx --images DIR|F.tar --out F.npy --mean A[,B,C] --std A[,B,C]
  [--order F.csv] [--size N] [--resize stretch|crop:N] [--layout nchw|nhwc] [--output NAME]
  [--batch N] [--threads N]

--model     the model: one float32 input of RGB images, a float32 output
--images    a folder, with those in it, or a .tar: .jpg, .jpeg, .png and .webp
--out       the features, float32, images × features; F.paths.csv beside it says which row is which image
--mean      what is subtracted from each channel's pixels (0 to 255), one number or three: R,G,B
--std       what the difference is divided by
--order     a .csv with a column "path": only these images, in this order; else all, sorted by path
--size      width and height of the model's input; default: as the model says
--resize    stretch: the whole image to that size, whatever its shape (default);
            crop:N: the shorter side to N, then the centre
--layout    nchw: planes of R, G, B; nhwc: pixel by pixel; default: as the model says, else nchw
--output    the output to take, if the model has several
--batch     images in one run of the model; default: as the model says, else 16
--threads   threads that work; default: one for each processor
`;
